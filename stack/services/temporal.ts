/** Defines Temporal's dev server on an SQLite file, and its web UI. */
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import type { Server } from 'node:http';
import path from 'node:path';
import { promisify } from 'node:util';
import { serverEnvironment } from '../environment.ts';
import { guardHost, type Upstream } from '../host-guard.ts';
import type { Service } from '../service.ts';
import { freePort, isListening } from '../ports.ts';
import type { ServiceContext } from './context.ts';

/** Lists the search attributes that the workflows set, and that the UI and the CLI filter runs by. */
export const SEARCH_ATTRIBUTES = ['CitibikeSystem', 'CitibikeStage', 'CitibikeModelVersion', 'CitibikeMonth'];

/**
 * Disables the dev server's HTTP API, which lets any web page start a workflow: it checks no content type,
 * origin or token. Only requests for this non-existent host are answered; all others get 403.
 */
const NO_HTTP_API = 'frontend.httpAllowedHosts=["none.invalid"]';

/** Lasts 30 days; by default, the dev server deletes closed workflows after one. */
const RETENTION = '720h';

export function temporalService({ settings, layout, software }: ServiceContext): Service {
  const { temporal: port, temporalUi: uiPort } = settings.ports;
  const env = serverEnvironment(layout, {});
  /** Is the address of the UI server behind the guard; chosen at the first start. */
  let ui: Upstream | undefined;
  let guard: Server | undefined;
  return {
    name: 'temporal',
    title: 'Temporal',
    address: `127.0.0.1:${port}, UI http://127.0.0.1:${uiPort}`,
    ports: [
      { port, setting: 'TEMPORAL_PORT' },
      { port: uiPort, setting: 'TEMPORAL_UI_PORT' },
    ],
    needs: [],
    startTimeoutMs: 60_000,

    async prepare() {
      mkdirSync(layout.data, { recursive: true, mode: 0o700 });
      ui ??= await hiddenAddress();
    },

    command: () => ({
      file: software.temporal,
      args: [
        ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port)],
        ...['--ui-ip', ui!.host, '--ui-port', String(ui!.port)],
        ...['--db-filename', path.join(layout.data, 'temporal.db'), '--log-level', 'warn'],
        // These pragmas make writes three times as fast and survive a killed process. Only a power cut can lose the last commits.
        ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal'],
        ...['--dynamic-config-value', NO_HTTP_API],
        ...SEARCH_ATTRIBUTES.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
      ],
      env,
      cwd: layout.data,
    }),

    isReady: () => isListening(port),

    // The call also shows that the server answers, and not only listens.
    async settle() {
      const update = ['operator', 'namespace', 'update', '--namespace', 'default', '--retention', RETENTION];
      await promisify(execFile)(
        software.temporal,
        [...update, '--address', `127.0.0.1:${port}`, '--command-timeout', '20s'],
        { env },
      );
      // The UI accepts any Host header, so the guard checks it first.
      guard ??= await guardHost({ title: 'Temporal', port: uiPort, setting: 'TEMPORAL_UI_PORT' }, ui!);
    },
  };
}

/**
 * Returns an address that web pages cannot guess: on Linux one of 16 million loopback addresses, elsewhere a
 * random port.
 */
async function hiddenAddress(): Promise<Upstream> {
  const host =
    process.platform === 'linux' ? `127.${[0, 0, 0].map(() => randomInt(1, 255)).join('.')}` : '127.0.0.1';
  return { host, port: await freePort(host) };
}
