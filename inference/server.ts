/** Runs the prediction service: `node inference/server.ts`, settings from the environment. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { pino } from 'pino';
import { MlflowClient } from '../adapters/mlflow/client.ts';
import { Database } from '../adapters/postgres/database.ts';
import { insertPredictions } from '../adapters/postgres/prediction-log.ts';
import { desiredState, removeProcess, reportProcess } from '../adapters/postgres/serving.ts';
import { CitibikeError, messageOf } from '../contracts/errors.ts';
import { loadSettings, type Settings } from '../settings.ts';
import { buildApp } from './app.ts';
import { LastGoodModel } from './last-good-model.ts';

/** Half a second and up to as much again: at least five heartbeats within `ALIVE_SECONDS`. */
const POLL_MS = 500;
/** For requests in flight, the last flush of the log and the farewell to Postgres. */
const DRAIN_MS = 10_000;

async function serve(settings: Settings): Promise<void> {
  const { modelName, inference, mlflow: tracking } = settings;
  const logger = pino({ level: settings.logLevel, base: { service: 'inference', pid: process.pid } });
  const database = new Database(settings.databaseUrl);
  const mlflow = new MlflowClient(tracking);
  const reachableHost = inference.host === '0.0.0.0' || inference.host === '::' ? hostname() : inference.host;

  const app = await buildApp({
    logger,
    model: {
      model: modelName,
      instanceId: `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`,
      address: `http://${reachableHost}:${inference.port}`,
      store: {
        desired: (model) => desiredState(database, model),
        report: (self) => reportProcess(database, self),
        remove: (instanceId) => removeProcess(database, instanceId),
      },
      source: {
        download: (model, version, signal) => mlflow.downloadModelFiles(model, version, signal),
        ping: async (model, version) => {
          await mlflow.getVersion(model, version).catch((error: unknown) => {
            // Also an answer.
            if (!(error instanceof CitibikeError && error.code === 'MODEL_NOT_FOUND')) throw error;
          });
        },
      },
      lastGood: new LastGoodModel(inference.stateDir, modelName),
      pollMs: POLL_MS,
    },
    writePredictions: inference.logPredictions ? (rows) => insertPredictions(database, rows) : undefined,
  });

  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) {
      logger.warn({ signal }, 'second signal: leaving at once');
      process.exit(1);
    }
    stopping = true;
    logger.info({ signal }, 'draining');
    setTimeout(() => {
      logger.error({ drainMs: DRAIN_MS }, 'not drained in time: leaving');
      process.exit(1);
    }, DRAIN_MS).unref();
    app
      .close()
      .then(() => database.close())
      .then(() => {
        logger.info('drained');
        process.exit(0);
      })
      .catch((error: unknown) => {
        logger.error({ err: error }, 'could not shut down cleanly');
        process.exit(1);
      });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);

  await app.listen({ host: inference.host, port: inference.port });
}

try {
  await serve(loadSettings());
} catch (error) {
  process.stderr.write(`inference: ${messageOf(error)}\n`);
  process.exit(1);
}
