/** Runs the service with a registry and a process table in memory, driven by `inject`. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { expect, onTestFinished } from 'vitest';
import type { DesiredState, ServingProcess } from '../../../adapters/postgres/serving.ts';
import { CitibikeError } from '../../../contracts/errors.ts';
import { buildApp } from '../../../inference/app.ts';
import { DEFAULT_LIMITS } from '../../../inference/plugins/overload.ts';
import type { InferenceOptions } from '../../../inference/options.ts';
import { LastGoodModel } from '../../../inference/last-good-model.ts';
import type { ProblemDetails } from '../../../adapters/fastify/problem.ts';
import type { Prediction } from '../../../inference/schemas/predict.ts';
import { rowsOf, type CopiedRow } from './copied-rows.ts';
import { tinyModelFiles, type TinyModel } from './tiny-model.ts';

export const MODEL = 'citibike-trips';
/** Represents the response bodies as the tests read them. */
export interface Answer {
  readonly predictions: Prediction[];
}
export type Problem = Required<ProblemDetails>;

export const TRIP = { date: '2025-01-15T08:00:00', TMAX: 40, TMIN: 30, SNOW: 0 };
/** Holds the features of `TRIP`, computed by Python's math module from the definitions. */
export const FEATURES = {
  holiday: 0,
  TMAX: 40,
  TMIN: 30,
  SNOW: 0,
  hr_sin: 0.8660254037844387,
  hr_cos: -0.4999999999999998,
  weekday_sin: 0.9749279121818236,
  weekday_cos: -0.22252093395631434,
  week_sin: 0.23931566428755774,
  week_cos: 0.970941817426052,
  mnth_sin: 0,
  mnth_cos: 1,
};

/** Simulates Postgres and MLflow for the service. */
export class MemoryUpstreams {
  state: DesiredState | undefined;
  versions = new Map<string, TinyModel>();
  processes = new Map<string, ServingProcess>();
  postgresDown = false;
  mlflowDown = false;
  downloads = 0;

  want(version: string | null, preloaded: string | null = null): void {
    const changed = this.state?.desiredVersion !== version;
    const generation = (this.state?.generation ?? 0) + (changed ? 1 : 0);
    this.state = {
      model: MODEL,
      generation,
      desiredVersion: version,
      preloadedVersion: preloaded,
      canary: null,
      reason: 'test',
    };
  }

  readonly store = {
    desired: async () => {
      this.#needPostgres();
      return this.state;
    },
    report: async (process: ServingProcess) => {
      this.#needPostgres();
      this.processes.set(process.instanceId, process);
    },
    remove: async (instanceId: string) => {
      this.#needPostgres();
      this.processes.delete(instanceId);
    },
  };

  readonly source = {
    download: async (_model: string, version: string) => {
      this.downloads += 1;
      if (this.mlflowDown) throw new CitibikeError('UPSTREAM_UNAVAILABLE', 'MLflow did not answer');
      const model = this.versions.get(version);
      if (!model) throw new CitibikeError('MODEL_NOT_FOUND', `no version ${version}`);
      return tinyModelFiles(model);
    },
    ping: async () => undefined,
  };

  #needPostgres(): void {
    if (this.postgresDown) throw new CitibikeError('UPSTREAM_UNAVAILABLE', 'Postgres: connection refused');
  }
}

export interface TestService {
  readonly app: FastifyInstance;
  readonly upstreams: MemoryUpstreams;
  readonly stateDir: string;
  readonly logged: CopiedRow[];
}

export async function startService(
  options: {
    upstreams?: MemoryUpstreams;
    stateDir?: string;
    overrides?: Partial<InferenceOptions>;
  } = {},
): Promise<TestService> {
  const upstreams = options.upstreams ?? new MemoryUpstreams();
  const stateDir = options.stateDir ?? mkdtempSync(path.join(tmpdir(), 'citibike-inference-'));
  const logged: CopiedRow[] = [];
  const app = await buildApp({
    model: {
      model: MODEL,
      instanceId: 'this-process',
      address: 'http://127.0.0.1:3000',
      store: upstreams.store,
      source: upstreams.source,
      lastGood: new LastGoodModel(stateDir, MODEL),
      pollMs: 2,
    },
    writePredictions: async (block) => void logged.push(...rowsOf(block)),
    // A busy machine delays the event loop, which only tests of overload are about.
    limits: { ...DEFAULT_LIMITS, eventLoopDelayMs: 0 },
    ...options.overrides,
  });
  onTestFinished(() => app.close());
  await app.ready();
  return { app, upstreams, stateDir, logged };
}

/** Starts a service that serves version 1 (trips = 10 · TMAX + 1) and has version 2 (… + 2) in its registry. */
export async function startServing(options: Parameters<typeof startService>[0] = {}): Promise<TestService> {
  const upstreams = options.upstreams ?? new MemoryUpstreams();
  upstreams.versions.set('1', { base: 1 }).set('2', { base: 2 });
  upstreams.want('1');
  const service = await startService({ ...options, upstreams });
  await served(service, '1');
  return service;
}

/** Waits until the service serves a version. */
export async function served({ app }: TestService, version: string): Promise<void> {
  await expect.poll(() => app.models.served?.version).toBe(version);
}

/** Waits until a service answers with the forecast of this issue time. */
export async function followed(app: FastifyInstance, issuedAt: string): Promise<void> {
  await expect.poll(() => app.forecasts.weather?.issuedAt).toBe(issuedAt);
}

export function predictTrip(app: FastifyInstance, rows: readonly unknown[], query = '') {
  return app.inject({ method: 'POST', url: `/predict_trip${query}`, payload: { input_data: rows } });
}
