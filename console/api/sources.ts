/** Defines the servers and lists that the routes read from and act on. */
import type { Queryable } from '../../adapters/postgres/database.ts';
import type { Systems } from '../../adapters/systems/system-files.ts';
import type { DatasetMonths } from './upstreams/dataset-months.ts';
import type { PredictionSource } from './upstreams/prediction.ts';
import type { PreviewSource } from './upstreams/previews.ts';
import type { Records } from './upstreams/records.ts';
import type { RegistrySource } from './upstreams/registry-source.ts';
import type { RunIndex } from './upstreams/run-index.ts';
import type { StorageSource } from './upstreams/storage.ts';
import type { TemporalSource } from './upstreams/temporal.ts';
import type { Upstreams } from './upstreams/upstreams.ts';

export interface Sources {
  readonly upstreams: Upstreams;
  readonly temporal: TemporalSource;
  readonly runs: RunIndex;
  readonly database: Queryable;
  readonly records: Records;
  readonly registry: RegistrySource;
  readonly storage: StorageSource;
  readonly months: DatasetMonths;
  readonly previews: PreviewSource;
  readonly prediction: PredictionSource;
  readonly systems: Systems;
  /** Returns the model of a system, or that of the prediction service if none is named. */
  readonly modelFor: (system?: string) => Promise<string>;
}

declare module 'fastify' {
  interface FastifyInstance {
    sources: Sources;
  }
}
