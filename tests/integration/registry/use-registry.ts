/** Registers flat models on the real MLflow, in an experiment and under names of the test file. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createRegisterActivities } from '../../../activities/register/index.ts';
import { writeFrameFile } from '../../../adapters/duckdb/frame-file.ts';
import type { Producer } from '../../../adapters/s3/artifact-store.ts';
import type { RegisterActivities } from '../../../contracts/activities/register.ts';
import type { ArtifactRef } from '../../../contracts/artifact.ts';
import { FRAME_SCHEMA_VERSION, type FrameRow } from '../../../contracts/frame.ts';
import { HyperParameters } from '../../../contracts/hyper-parameters.ts';
import type { ModelSpec, RegressionMetrics } from '../../../contracts/model.ts';
import { loadSettings } from '../../../settings.ts';
import { flatModelFiles } from '../../fixtures/flat-model.ts';
import { stackDependencies } from '../../fixtures/stack-dependencies.ts';

type CandidateInput = Parameters<RegisterActivities['registerCandidate']>[0];

export const PLAIN_ARTIFACT = { schemaVersion: 1, inputs: [], parameters: {}, synthetic: false };

const METRICS: RegressionMetrics = { rows: 48, rmse: 100, mae: 100, r2: 0.5, bias: 0, mape: 10 };
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** Returns an hour with 100 trips. */
function row(date: string, hour: number): FrameRow {
  const weather = { TMAX: 40, TMIN: 30, SNOW: 0, PRCP: 0, SNWD: 0, AWND: 5, PRCP_yesterday: 0 };
  return { date, hour, trips: 100, holiday: 0, ...weather, weather_filled: false };
}

/** Opens a registry for the tests of a file. Every test has a model name of its own. */
export function useRegistry() {
  const prefix = `test-registry-${randomUUID().slice(0, 8)}`;
  const settings = loadSettings();
  const deps = stackDependencies(settings, prefix);
  const { artifacts, database, mlflow } = deps;
  const producer: Producer = { workflowId: prefix, runId: 'run', step: 'test', codeVersion: 'test' };
  const activities = createRegisterActivities(deps);
  // Planned failures need no log.
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  const models: string[] = [];
  let model: string;
  let testFrame: ArtifactRef;
  let experimentId: string;

  beforeAll(async () => {
    await Promise.all(
      Object.values(settings.s3.buckets).map((bucket) => artifacts.objects.ensureBucket(bucket)),
    );
    testFrame = await frameOf('2025-01-14', '2025-01-15');
    experimentId = await mlflow.experiments.ensure(prefix);
  });

  beforeEach(() => {
    model = `${prefix}-${models.length}`;
    models.push(model);
  });

  afterAll(async () => {
    for (const each of models) await mlflow.registry.deleteModel(each).catch(() => undefined);
    await mlflow.experiments.delete(experimentId);
    await database.close();
  });

  async function frameOf(...dates: string[]): Promise<ArtifactRef> {
    const dir = await mkdtemp(path.join(tmpdir(), 'citibike-test-'));
    try {
      const file = path.join(dir, 'frame.parquet');
      await writeFrameFile(
        file,
        dates.flatMap((date) => Array.from({ length: 24 }, (_, hour) => row(date, hour))),
      );
      return await artifacts.write(producer, {
        ...PLAIN_ARTIFACT,
        name: 'frame.parquet',
        content: { file },
        schemaVersion: FRAME_SCHEMA_VERSION,
      });
    } finally {
      await rm(dir, { recursive: true });
    }
  }

  /** Returns a model that predicts `trips` for every hour, as if it had been trained and evaluated. */
  async function trained(
    trips: number,
    trainedOn: Partial<ModelSpec['trainedOn']> = {},
  ): Promise<CandidateInput> {
    const write = (name: string, content: Uint8Array) =>
      artifacts.write(producer, { ...PLAIN_ARTIFACT, name, content });
    const files: Record<string, ArtifactRef> = {};
    for (const [name, content] of Object.entries(flatModelFiles(trips, trainedOn)))
      files[name] = await write(name, content);
    const folder = await write('model-folder.json', json({ schemaVersion: 1, files }));
    const report = await write('report.json', json({ trips }));
    return {
      model,
      folder,
      evaluation: { metrics: METRICS, naive: METRICS, report, cached: false },
      config: {
        system: 'nyc',
        featureSet: 'seed',
        hyperParameters: Value.Create(HyperParameters),
        seed: 42,
        span: { from: '2024-01', to: '2024-12' },
        synthetic: trainedOn.synthetic ?? false,
      },
      test: { from: '2025-01', to: '2025-01' },
      trainFrame: testFrame,
      testFrame,
      backend: 'cpu',
    };
  }

  const inActivity = <T>(work: () => Promise<T>) => environment.run<[], T, () => Promise<T>>(work);
  const register = (input: CandidateInput, by: RegisterActivities = activities) =>
    inActivity(() => by.registerCandidate(input));

  /** Registers, compares, and promotes or archives, as the workflow `promotion` does. */
  async function trainAndPromote(input: CandidateInput) {
    const { version } = await register(input);
    const comparison = await activities.compareWithChampion({ model, version, testFrame, threshold: 0.1 });
    const decision = { model, version, reason: comparison.reason };
    if (comparison.promote) await activities.pointChampion(decision);
    else await activities.archiveCandidate(decision);
    return { version, ...comparison };
  }

  return {
    settings,
    deps,
    producer,
    activities,
    environment,
    frameOf,
    trained,
    inActivity,
    register,
    trainAndPromote,
    /** Returns the name of the present test's model. */
    model: () => model,
    /** Returns 48 hours with 100 trips each, which no model was trained on. */
    testFrame: () => testFrame,
    experimentId: () => experimentId,
  };
}
