import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRegisterActivities } from '../../activities/register/index.ts';
import { EFFECT_KEY_TAG } from '../../activities/register/effect-key.ts';
import { TRAINING_KEY_TAG, trainingKey } from '../../activities/register/training-run.ts';
import { whileRecording } from '../../activities/register/while-recording.ts';
import { writeFrameFile } from '../../adapters/duckdb/frame-file.ts';
import { MlflowClient } from '../../adapters/mlflow/mlflow-client.ts';
import type { Producer } from '../../adapters/s3/artifact-store.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { FRAME_SCHEMA_VERSION, type FrameRow } from '../../contracts/frame.ts';
import { HyperParameters } from '../../contracts/hyper-parameters.ts';
import type { ModelSpec, RegressionMetrics } from '../../contracts/model.ts';
import type { RegisterActivities } from '../../contracts/activities/register.ts';
import { loadSettings } from '../../settings.ts';
import { stackDependencies } from '../fixtures/stack-dependencies.ts';
import { flatModelFiles } from '../fixtures/flat-model.ts';

type CandidateInput = Parameters<RegisterActivities['registerCandidate']>[0];

const prefix = `test-registry-${randomUUID().slice(0, 8)}`;
const settings = loadSettings();
const deps = stackDependencies(settings, prefix);
const { artifacts, database, mlflow } = deps;
const producer: Producer = { workflowId: prefix, runId: 'run', step: 'test', codeVersion: 'test' };
const plain = { schemaVersion: 1, inputs: [], parameters: {}, synthetic: false };
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const METRICS: RegressionMetrics = { rows: 48, rmse: 100, mae: 100, r2: 0.5, bias: 0, mape: 10 };

/** Returns a day of 100 trips per hour in 2024, and one in 2025. */
function row(date: string, hour: number): FrameRow {
  const weather = { TMAX: 40, TMIN: 30, SNOW: 0, PRCP: 0, SNWD: 0, AWND: 5, PRCP_yesterday: 0 };
  return { date, hour, trips: 100, holiday: 0, ...weather, weather_filled: false };
}

async function frameOf(...dates: string[]): Promise<ArtifactRef> {
  const dir = await mkdtemp(path.join(tmpdir(), 'citibike-test-'));
  try {
    const file = path.join(dir, 'frame.parquet');
    await writeFrameFile(
      file,
      dates.flatMap((date) => Array.from({ length: 24 }, (_, hour) => row(date, hour))),
    );
    const content = { file };
    return await artifacts.write(producer, {
      ...plain,
      name: 'frame.parquet',
      content,
      schemaVersion: FRAME_SCHEMA_VERSION,
    });
  } finally {
    await rm(dir, { recursive: true });
  }
}

/** Returns a model that predicts `trips` for every hour, as if it had been trained and evaluated. */
async function trained(
  model: string,
  trips: number,
  testFrame: ArtifactRef,
  trainedOn: Partial<ModelSpec['trainedOn']> = {},
): Promise<CandidateInput> {
  const files: Record<string, ArtifactRef> = {};
  for (const [name, content] of Object.entries(flatModelFiles(trips, trainedOn))) {
    files[name] = await artifacts.write(producer, { ...plain, name, content });
  }
  const folder = await artifacts.write(producer, {
    ...plain,
    name: 'model-folder.json',
    content: json({ schemaVersion: 1, files }),
  });
  const report = await artifacts.write(producer, { ...plain, name: 'report.json', content: json({ trips }) });
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

const activities = createRegisterActivities(deps);
// Planned failures need no log.
const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
const inActivity = <T>(work: () => Promise<T>) => environment.run<[], T, () => Promise<T>>(work);
const register = (input: CandidateInput, by: RegisterActivities = activities) =>
  inActivity(() => by.registerCandidate(input));
const models = new Set<string>();
let model: string;
let frame2025: ArtifactRef;
let experimentId: string;

beforeAll(async () => {
  await Promise.all(
    Object.values(settings.s3.buckets).map((bucket) => artifacts.objects.ensureBucket(bucket)),
  );
  frame2025 = await frameOf('2025-01-14', '2025-01-15');
  experimentId = await mlflow.experiments.ensure(prefix);
});

beforeEach(() => {
  model = `${prefix}-${models.size}`;
  models.add(model);
});

afterAll(async () => {
  for (const each of models) await mlflow.registry.deleteModel(each).catch(() => undefined);
  await mlflow.experiments.delete(experimentId);
  await database.close();
});

/** Registers, compares, and promotes or archives, as the workflow `promotion` does. */
async function trainAndPromote(input: CandidateInput) {
  const { version } = await register(input);
  const comparison = await activities.compareWithChampion({
    model,
    version,
    testFrame: frame2025,
    threshold: 0.1,
  });
  const decision = { model, version, reason: comparison.reason };
  if (comparison.promote) await activities.pointChampion(decision);
  else await activities.archiveCandidate(decision);
  return { version, ...comparison };
}

describe('registerCandidate', () => {
  it('creates a version with files, metrics, data sets, tags and the alias candidate', async () => {
    const input = await trained(model, 110, frame2025);
    const registered = await register(input);
    const version = await mlflow.getVersionByAlias(model, 'candidate');
    expect(version).toMatchObject({ version: registered.version, runId: registered.runId });
    expect(version.tags).toMatchObject({
      stage: 'Staging',
      validation_status: 'pending',
      'citibike.synthetic': 'false',
      'citibike.model_folder': input.folder.uri,
    });
    expect(version.description).toContain('RMSE 100.0');
    const files = await mlflow.downloadModelFiles(model, version.version);
    expect(Object.keys(files).sort()).toEqual(
      [
        'MLmodel',
        'evaluation.json',
        'history.json',
        'input_example.json',
        'model.json',
        'model.onnx',
        'python_env.yaml',
        'requirements.txt',
        'spec.json',
        'weights.bin',
      ].sort(),
    );
    const run = await mlflow.runs.get(registered.runId);
    expect(run).toMatchObject({ status: 'FINISHED', outputs: [version.modelId] });
    expect(run.metrics).toMatchObject({ test_rmse: 100, naive_rmse: 100, loss: 1 });
    expect((await mlflow.runs.metricHistory(run.runId, 'loss')).map(({ value }) => value)).toEqual([3, 2, 1]);
    expect(run.params).toMatchObject({ seed: '42', train_from: '2024-01', test_to: '2025-01' });
    expect((await mlflow.artifacts.list(run.artifactUri)).map(({ path: file }) => file)).toContain(
      'model/weights.bin',
    );
  });

  it('finds its own version again when it runs twice', async () => {
    const input = await trained(model, 111, frame2025);
    const first = await register(input);
    expect(first.cached).toBe(false);
    expect(await register(input)).toEqual({ ...first, cached: true });
    expect(await mlflow.registry.searchVersions(model)).toHaveLength(1);
  });

  it('makes one run, one logged model and one version when it runs twice at once', async () => {
    const input = await trained(model, 112, frame2025);
    const [a, b] = await Promise.all([register(input), register(input)]);
    expect(a.version).toBe(b.version);
    expect(a.runId).toBe(b.runId);
    const [version] = await mlflow.registry.searchVersions(model);
    const key = version!.tags[EFFECT_KEY_TAG]!;
    expect(await mlflow.runs.searchByTag(experimentId, EFFECT_KEY_TAG, key)).toHaveLength(1);
    expect(await mlflow.loggedModels.searchByTag(experimentId, EFFECT_KEY_TAG, key)).toHaveLength(1);
  });

  it('ends as if it ran once when it is killed after any of its calls to MLflow', async () => {
    const input = await trained(model, 113, frame2025);
    // The connection dies after the n-th call, whose answer is lost. n grows until the connection outlives all calls.
    let deaths = 0;
    for (; deaths < 200; deaths++) {
      const dying = createRegisterActivities({
        ...deps,
        mlflow: new MlflowClient({ ...settings.mlflow, attempts: 1 }),
      });
      let calls = 0;
      const fetchOnce = globalThis.fetch;
      globalThis.fetch = async (...request) => {
        const answer = await fetchOnce(...request);
        calls += 1;
        if (calls > deaths) throw new KilledError();
        return answer;
      };
      try {
        const { cached } = await register(input, dying);
        expect(cached).toBe(true);
        break;
      } catch (error) {
        if (!String(error).includes('killed')) throw error;
      } finally {
        globalThis.fetch = fetchOnce;
      }
    }
    const versions = await mlflow.registry.searchVersions(model);
    expect(versions).toHaveLength(1);
    const run = await mlflow.runs.get(versions[0]!.runId);
    expect(run.outputs).toEqual([versions[0]!.modelId]);
    expect((await mlflow.runs.metricHistory(run.runId, 'loss')).map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(await mlflow.runs.metricHistory(run.runId, 'test_rmse')).toHaveLength(1);
    expect(versions[0]!.aliases).toEqual(['candidate']);
  });

  it('completes the run that the training opened, and keeps its duration', async () => {
    const input = await trained(model, 115, frame2025);
    const { config, backend, trainFrame: frame } = { ...input, config: { ...input.config, seed: 43 } };
    const epoch = { at: Date.now(), heldOutLoss: null, learningRate: 0.01, cpuMs: 0, memoryBytes: 0 };
    await inActivity(() =>
      whileRecording(deps, { config, backend, frame }, new AbortController().signal, async (onEpoch) =>
        onEpoch({ ...epoch, epoch: 1, loss: 0.5 }),
      ),
    );
    const key = await inActivity(async () => trainingKey({ config, backend, frame }));
    const [opened] = await mlflow.runs.searchByTag(experimentId, TRAINING_KEY_TAG, key);
    const { runId } = await register({ ...input, config });
    expect(runId).toBe(opened!.runId);
    expect(await mlflow.runs.get(runId)).toMatchObject({
      status: 'FINISHED',
      startedAt: opened!.startedAt,
      endedAt: opened!.endedAt,
      metrics: { train_loss: 0.5, test_rmse: 100 },
      tags: { 'citibike.model_folder': input.folder.uri },
    });
  });

  it('starts the run with the training if MLflow was not available meanwhile', async () => {
    const input = await trained(model, 116, frame2025);
    const { runId: own } = environment.context.info.workflowExecution!;
    await artifacts.write(
      { ...producer, runId: own },
      {
        ...plain,
        facts: { seconds: 100 },
        name: 'model-folder.json',
        content: await artifacts.read(input.folder),
      },
    );
    const run = await mlflow.runs.get((await register(input)).runId);
    expect(run.endedAt! - run.startedAt).toBeGreaterThanOrEqual(100_000);
    expect(run.endedAt! - run.startedAt).toBeLessThan(200_000);
  });

  it('keeps the aliases of a version that has become champion', async () => {
    const input = await trained(model, 114, frame2025);
    await trainAndPromote(input);
    expect((await register(input)).cached).toBe(true);
    expect(await mlflow.registry.aliasesOf(model)).toEqual({ champion: '1' });
  });
});

class KilledError extends Error {
  constructor() {
    super('killed');
  }
}

describe('promotion', () => {
  it('goes from first champion through rejection and replacement to rollback', async () => {
    // Every hour has 100 trips, so a model that always predicts x has an RMSE of |x − 100|.
    const first = await trainAndPromote(await trained(model, 200, frame2025));
    expect(first).toMatchObject({ promote: true, champion: null, candidateRmse: 100, hours: 48 });

    const slightlyBetter = await trainAndPromote(await trained(model, 195, frame2025));
    expect(slightlyBetter).toMatchObject({ promote: false, championRmse: 100, candidateRmse: 95 });
    expect((await mlflow.getVersion(model, '2')).tags).toMatchObject({
      stage: 'Archived',
      validation_status: 'rejected',
    });

    const better = await trainAndPromote(await trained(model, 150, frame2025));
    expect(better).toMatchObject({ promote: true, champion: '1', championRmse: 100, candidateRmse: 50 });
    expect(await mlflow.registry.aliasesOf(model)).toEqual({ champion: '3', previous: '1' });
    const stages = (await mlflow.registry.searchVersions(model)).map(({ tags }) => [
      tags['stage'],
      tags['validation_status'],
    ]);
    expect(stages).toEqual([
      ['Archived', 'approved'],
      ['Archived', 'rejected'],
      ['Production', 'approved'],
    ]);
    expect((await mlflow.getVersion(model, '3')).description).toMatch(
      /\*\*Verdict\*\*: champion\. RMSE 50\.0/,
    );

    const back = await activities.pointChampion({ model, version: '1', reason: 'rolled back' });
    expect(back).toEqual({ previous: '3' });
    expect(await mlflow.registry.aliasesOf(model)).toEqual({ champion: '1', previous: '3' });
  });

  it('points the alias twice with the effect of once', async () => {
    await trainAndPromote(await trained(model, 200, frame2025));
    await register(await trained(model, 150, frame2025));
    const pointed = { model, version: '2', reason: 'better' };
    expect(await activities.pointChampion(pointed)).toEqual({ previous: '1' });
    expect(await activities.pointChampion(pointed)).toEqual({ previous: '1' });
    expect(await mlflow.registry.aliasesOf(model)).toEqual({ champion: '2', previous: '1' });
  });

  it('repairs tags that someone changed by hand', async () => {
    await trainAndPromote(await trained(model, 200, frame2025));
    await mlflow.registry.tagVersion(model, '1', { stage: 'Archived', validation_status: 'rejected' });
    await activities.pointChampion({ model, version: '1', reason: 'again' });
    expect((await mlflow.getVersion(model, '1')).tags).toMatchObject({
      stage: 'Production',
      validation_status: 'approved',
    });
  });

  it('scores only hours that neither model was fitted on, and fails when none is left', async () => {
    await trainAndPromote(await trained(model, 200, frame2025));
    const { version } = await register(await trained(model, 150, frame2025, { to: '2025-01-14' }));
    const compare = (testFrame: ArtifactRef) =>
      activities.compareWithChampion({ model, version, testFrame, threshold: 0.1 });
    expect(await compare(frame2025)).toMatchObject({ promote: true, hours: 24 });
    expect(await compare(await frameOf('2024-12-31', '2025-01-14'))).toMatchObject({
      promote: false,
      hours: 0,
      championRmse: null,
      candidateRmse: null,
    });
  });

  it('replaces a champion of synthetic data by any model of real data, never the reverse', async () => {
    const synthetic = { synthetic: true };
    await trainAndPromote(await trained(model, 101, frame2025, synthetic));
    expect(await trainAndPromote(await trained(model, 300, frame2025))).toMatchObject({ promote: true });
    expect(await trainAndPromote(await trained(model, 100, frame2025, synthetic))).toMatchObject({
      promote: false,
    });
  });

  it('compares the champion with itself without moving it', async () => {
    const input = await trained(model, 200, frame2025);
    await trainAndPromote(input);
    expect(await trainAndPromote(input)).toMatchObject({ promote: true, champion: '1', version: '1' });
  });

  it('does not archive the champion', async () => {
    await trainAndPromote(await trained(model, 200, frame2025));
    await expect(activities.archiveCandidate({ model, version: '1', reason: 'no' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });

  it('keeps the approval of a version that a later comparison rejects', async () => {
    await trainAndPromote(await trained(model, 200, frame2025));
    await trainAndPromote(await trained(model, 150, frame2025));
    const before = await mlflow.getVersion(model, '1');
    await activities.archiveCandidate({ model, version: '1', reason: 'not better' });
    expect(await mlflow.getVersion(model, '1')).toMatchObject({
      tags: { stage: 'Archived', validation_status: 'approved' },
      description: before.description,
    });
    expect(await activities.resolveRollback({ model })).toMatchObject({ version: '1', champion: '2' });
  });

  it('rolls back to a rejected version only by its number', async () => {
    await trainAndPromote(await trained(model, 200, frame2025));
    await trainAndPromote(await trained(model, 150, frame2025));
    await mlflow.registry.tagVersion(model, '1', { validation_status: 'rejected' });
    await expect(activities.resolveRollback({ model })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(await activities.resolveRollback({ model, version: '1' })).toMatchObject({ version: '1' });
  });

  it('resolves an alias and a number, and throws MODEL_NOT_FOUND for a missing one', async () => {
    await trainAndPromote(await trained(model, 200, frame2025));
    expect(await activities.resolveVersion({ model, alias: 'champion' })).toEqual({ model, version: '1' });
    const missing = { code: 'MODEL_NOT_FOUND' };
    await expect(activities.resolveVersion({ model, alias: 'nobody' })).rejects.toMatchObject(missing);
    await expect(activities.resolveVersion({ model, alias: 'champion', version: '9' })).rejects.toMatchObject(
      missing,
    );
  });
});
