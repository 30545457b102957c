/** Runs the console with settings from the environment: `node console/api/server.ts`. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { serviceLog } from '../../adapters/log/service-log.ts';
import { messageOf } from '../../contracts/errors.ts';
import { loadSettings, PROJECT_DIR, type Settings } from '../../settings.ts';
import { listen } from '../../adapters/fastify/listen.ts';
import { buildConsole } from './app.ts';
import { connectSources } from './connect-sources.ts';
import type { StatusFacts } from './options.ts';

/** Sets the time for downloads in progress. */
const DRAIN_MS = 5_000;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

export function factsOf(settings: Settings): StatusFacts {
  const { version } = JSON.parse(readFileSync(path.join(PROJECT_DIR, 'package.json'), 'utf8')) as {
    version: string;
  };
  const { host } = settings.console;
  const isLocal = LOOPBACK.test(host);
  return {
    version,
    modelName: settings.modelName,
    readNeedsToken: !isLocal,
    // Their addresses as seen from other machines are unknown here.
    temporalUi: isLocal ? `http://127.0.0.1:${settings.ports.temporalUi}` : null,
    mlflowUi: isLocal ? settings.mlflow.trackingUri : null,
    grafana: isLocal ? `http://127.0.0.1:${settings.ports.grafana}` : null,
  };
}

async function serve(settings: Settings): Promise<void> {
  const logger = serviceLog('console', settings.logLevel);
  const { sources, close } = connectSources(settings, logger.child({ component: 'upstreams' }));
  const web = path.join(PROJECT_DIR, 'console', 'web', 'dist');
  const { maxConnections, trustedProxies } = settings.console;
  const app = await buildConsole({
    sources,
    facts: factsOf(settings),
    web,
    maxConnections,
    trustedProxies,
    logger,
  });

  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), DRAIN_MS).unref();
    app
      .close()
      .then(close)
      .then(() => process.exit(0))
      .catch((error: unknown) => {
        logger.error({ err: error }, 'could not shut down cleanly');
        process.exit(1);
      });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);

  await listen(app, settings.console.host, settings.console.port);
  // This call fills the list of runs before the first page asks for it.
  void sources.upstreams.ask('temporal', () => sources.runs.runs(), 30_000);
}

try {
  await serve(loadSettings());
} catch (error) {
  process.stderr.write(`console: ${messageOf(error)}\n`);
  process.exit(1);
}
