/** Creates the upstreams from the settings. They connect on first use, so the console starts even if servers are down. */
import { MlflowClient } from '../../adapters/mlflow/mlflow-client.ts';
import { Database } from '../../adapters/postgres/database.ts';
import { ObjectStore } from '../../adapters/s3/object-store.ts';
import { lazyClient } from '../../adapters/temporal/lazy-client.ts';
import type { Settings } from '../../settings.ts';
import type { Sources } from './sources.ts';
import { DatasetMonths } from './upstreams/dataset-months.ts';
import { PredictionSource } from './upstreams/prediction.ts';
import { PreviewSource } from './upstreams/previews.ts';
import { Records } from './upstreams/records.ts';
import { RegistrySource } from './upstreams/registry-source.ts';
import { RunIndex } from './upstreams/run-index.ts';
import { StorageSource } from './upstreams/storage.ts';
import { TemporalSource } from './upstreams/temporal.ts';
import { Upstreams } from './upstreams/upstreams.ts';
import { systemFiles } from '../../adapters/systems/system-files.ts';
import { modelOf } from '../../contracts/systems.ts';

const MLFLOW_TIMEOUT_MS = 10_000;
/** Sets the timeout of a query, because connections to a hanging server would fill the pool. */
const QUERY_TIMEOUT_MS = 15_000;

export function connectSources(
  settings: Settings,
  log: ConstructorParameters<typeof Upstreams>[0],
): { sources: Sources; close: () => Promise<void> } {
  const database = new Database(settings.databaseUrl, { max: 8, queryTimeoutMs: QUERY_TIMEOUT_MS });
  // A person waits for the answer, so a failure is reported at once instead of after four attempts.
  const mlflow = new MlflowClient({ ...settings.mlflow, timeoutMs: MLFLOW_TIMEOUT_MS, attempts: 1 });
  const temporal = new TemporalSource(lazyClient(settings.temporal), settings.temporal.namespace);
  const storage = new StorageSource(new ObjectStore(settings.s3));
  const records = new Records(database);
  const registry = new RegistrySource(mlflow, settings.mlflow.experiment, settings.s3.buckets.mlflow);
  const prediction = new PredictionSource(settings.console.inferenceUrl, settings.inference.apiKey);
  const systems = systemFiles(settings.systemsDir);
  const upstreams = new Upstreams(log, {
    temporal: () => temporal.ping(),
    mlflow: () => registry.ping(),
    s3: () => storage.ping(),
    postgres: () => database.ping(),
    inference: () => prediction.ping(),
  });
  const sources: Sources = {
    upstreams,
    temporal,
    runs: new RunIndex(temporal),
    database,
    records,
    registry,
    storage,
    months: new DatasetMonths(storage),
    previews: new PreviewSource(storage),
    prediction,
    systems,
    modelFor: async (system) =>
      system === undefined ? settings.modelName : (settings.modelOfAll ?? modelOf(await systems.get(system))),
  };
  const close = async (): Promise<void> => {
    storage.close();
    await Promise.all([temporal.close(), database.close()]);
  };
  return { sources, close };
}
