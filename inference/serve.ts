/** Runs one process of the prediction service, alone or in a cluster. */
import cluster from 'node:cluster';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { listen } from '../adapters/fastify/listen.ts';
import { MlflowClient } from '../adapters/mlflow/mlflow-client.ts';
import { Database } from '../adapters/postgres/database.ts';
import { newestIssue, readForecast } from '../adapters/postgres/demand-forecasts.ts';
import { deleteOldPredictions, writePredictions } from '../adapters/postgres/prediction-log.ts';
import { desiredState, removeProcess, reportProcess } from '../adapters/postgres/serving.ts';
import { CitibikeError } from '../contracts/errors.ts';
import type { Settings } from '../settings.ts';
import { buildAdminApp } from './admin-app.ts';
import { buildApp } from './app.ts';
import { shareMetrics } from './cluster-metrics.ts';
import { FollowedApiKeys } from './followed-api-keys.ts';
import { LastForecast } from './last-forecast.ts';
import { LastGoodModel } from './last-good-model.ts';
import type { ModelSource } from './model-follower.ts';
import { isServedFile, registryFile } from './version-facts.ts';

/** Sets the minimum pause between polls; with up to as much again, it gives at least five heartbeats within `ALIVE_SECONDS`. */
const POLL_MS = 500;
/** Sets the minimum pause between polls for a new forecast, which comes every few hours. */
const FORECAST_POLL_MS = 5_000;
/** Sets the time after the drain for requests in flight, the last flush of the log, and the removal from Postgres. */
const CLOSE_MS = 10_000;

export async function serve(settings: Settings, logger: Logger): Promise<void> {
  const { modelName, inference } = settings;
  const { host, port, adminPort } = inference;
  const database = new Database(settings.databaseUrl);
  const metricsText = cluster.isWorker ? shareMetrics() : undefined;

  const { apiKeysFile } = inference;
  const apiKeys = apiKeysFile === undefined ? undefined : await FollowedApiKeys.open(apiKeysFile, logger);
  apiKeys?.follow();

  const app = await buildApp({
    logger,
    model: {
      model: modelName,
      instanceId: `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`,
      address: `http://${host === '0.0.0.0' || host === '::' ? hostname() : host}:${port}`,
      store: {
        desired: (model) => desiredState(database, model),
        report: (self) => reportProcess(database, self),
        remove: (instanceId) => removeProcess(database, instanceId),
      },
      source: modelSource(new MlflowClient(settings.mlflow)),
      lastGood: new LastGoodModel(inference.stateDir, modelName),
      pollMs: POLL_MS,
    },
    forecast: {
      store: {
        newest: (model) => newestIssue(database, model),
        read: (model, issue) => readForecast(database, model, issue),
      },
      last: new LastForecast(inference.stateDir, modelName),
      pollMs: FORECAST_POLL_MS,
    },
    ...(inference.logPredictions
      ? {
          writePredictions: (block) => writePredictions(database, block),
          forgetPredictions: () => deleteOldPredictions(database, modelName, inference.logDays),
        }
      : {}),
    unknownFields: inference.unknownFields,
    deadlineMs: inference.deadlineMs,
    drainMs: inference.drainSeconds * 1000,
    apiKeys,
    requestsPerSecond: inference.requestsPerSecond,
    tracing: inference.tracing,
    processes: inference.workers,
    trustedProxies: inference.trustedProxies,
    maxConnections: inference.maxConnections,
    metricsText: adminPort === undefined ? metricsText : false,
  });
  const apps = [app];
  if (adminPort !== undefined) {
    apps.push(await buildAdminApp(metricsText ?? (() => app.metrics.registry.metrics())));
  }
  drainAtSignal(apps, () => database.close(), inference.drainSeconds * 1000 + CLOSE_MS, logger);
  await listen(app, host, port);
  if (apps[1]) await listen(apps[1], host, adminPort!);
}

function modelSource(mlflow: MlflowClient): ModelSource {
  return {
    download: async (model, version, signal) => {
      const [files, facts] = await Promise.all([
        mlflow.downloadModelFiles(model, version, signal, isServedFile),
        mlflow.getVersion(model, version),
      ]);
      return { ...files, ...registryFile(facts) };
    },
    ping: async (model, version) => {
      await mlflow.getVersion(model, version).catch((error: unknown) => {
        // This error also shows that MLflow answers.
        if (!(error instanceof CitibikeError && error.code === 'MODEL_NOT_FOUND')) throw error;
      });
    },
  };
}

function drainAtSignal(
  apps: readonly FastifyInstance[],
  close: () => Promise<void>,
  withinMs: number,
  logger: Logger,
): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) {
      logger.warn({ signal }, 'second signal: exiting at once');
      process.exit(1);
    }
    stopping = true;
    logger.info({ signal }, 'draining');
    setTimeout(() => {
      logger.error({ withinMs }, 'not drained in time: exiting');
      process.exit(1);
    }, withinMs).unref();
    Promise.all(apps.map((app) => app.close()))
      .then(close)
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
  // A terminal sends SIGINT to the whole cluster; the primary passes it on as SIGTERM.
  process.on('SIGINT', (signal) => cluster.isWorker || stop(signal));
}
