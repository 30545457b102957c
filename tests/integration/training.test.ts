import { spawnSync } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEvaluateModel } from '../../activities/train/evaluate-model.ts';
import { createTrainModel } from '../../activities/train/train-model.ts';
import { readModelFolder } from '../../activities/train/read-model-folder.ts';
import { writeFrameFile } from '../../adapters/duckdb/frame-file.ts';
import type { Run } from '../../adapters/mlflow/runs.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { HyperParameters } from '../../contracts/hyper-parameters.ts';
import { FRAME_SCHEMA_VERSION, type FrameRow } from '../../contracts/frame.ts';
import type { TrainingHeartbeat } from '../../contracts/progress.ts';
import type { EvaluationReport } from '../../core/evaluation/evaluation.ts';
import { parseModelFiles } from '../../core/serving/serving-model.ts';
import { madeUpFrame } from '../unit/serving/tiny-network.ts';
import { testDependencies } from '../fixtures/test-dependencies.ts';
import type {
  Evaluation,
  TrainActivities,
  TrainedModel,
  TrainingConfig,
} from '../../contracts/activities/train.ts';

/** A training takes a minute here, and several times as long beside other work. */
const TIMEOUT_MS = 600_000;

const prefix = `test-training-${randomUUID().slice(0, 8)}`;
const { artifacts, close, deps, mlflow } = testDependencies(prefix, { tfBackend: 'wasm' });
const activities = { trainModel: createTrainModel(deps), evaluateModel: createEvaluateModel(deps) };
const trainModel: TrainActivities['trainModel'] = (input) => activities.trainModel(input);
const evaluateModel: TrainActivities['evaluateModel'] = (input) => activities.evaluateModel(input);

/** Returns an activity environment of the workflow `training` that records heartbeats. */
function environment(info: { attempt?: number; heartbeatDetails?: TrainingHeartbeat } = {}) {
  const asTraining = { ...info, workflowType: 'training' };
  const env = new MockActivityEnvironment(asTraining, { logger: new DefaultLogger('ERROR') });
  const heartbeats: TrainingHeartbeat[] = [];
  env.on('heartbeat', (details) => heartbeats.push(details as TrainingHeartbeat));
  return { env, heartbeats };
}

async function frameOf(rows: readonly FrameRow[]): Promise<ArtifactRef> {
  const dir = await mkdtemp(path.join(tmpdir(), 'citibike-test-'));
  try {
    const file = path.join(dir, 'frame.parquet');
    await writeFrameFile(file, rows);
    const producer = { workflowId: prefix, runId: 'run', step: 'frame', codeVersion: 'test' };
    return await artifacts.write(producer, {
      name: 'frame.parquet',
      content: { file },
      schemaVersion: FRAME_SCHEMA_VERSION,
      rows: rows.length,
      inputs: [],
      parameters: {},
      synthetic: true,
    });
  } finally {
    await rm(dir, { recursive: true });
  }
}

const config = (seed: number, hyperParameters: Partial<HyperParameters> = {}): TrainingConfig => ({
  system: 'nyc',
  featureSet: 'demand',
  seed,
  span: { from: '2024-01', to: '2024-01' },
  hyperParameters: { ...Value.Create(HyperParameters), ...hyperParameters },
  synthetic: true,
});

// No earlier run of these tests used these seeds, so that the caches are empty.
const seed = randomInt(2 ** 30);
const hours = madeUpFrame(24 * 35);

/** Returns the MLflow runs of trainings with a seed and a number of networks. */
async function runsOf(asked: TrainingConfig): Promise<Run[]> {
  const experimentId = await mlflow.experiments.ensure(prefix);
  const runs = await mlflow.runs.searchByTag(experimentId, 'mlflow.source.name', 'citibike training');
  const { networks } = asked.hyperParameters;
  return runs.filter(
    ({ params }) => params['seed'] === String(asked.seed) && params['networks'] === String(networks),
  );
}

afterAll(async () => {
  await mlflow.experiments.delete(await mlflow.experiments.ensure(prefix));
  await close();
});

describe('trainModel and evaluateModel', () => {
  let train: ArtifactRef;
  let trained: TrainedModel;
  const { env, heartbeats } = environment();

  beforeAll(async () => {
    train = await frameOf(hours.slice(0, 24 * 28));
    trained = await env.run(trainModel, { frame: train, config: config(seed), cache: true });
  }, TIMEOUT_MS);

  test('heartbeats from before the first epoch on', () => {
    expect(heartbeats[0]).toEqual({ epoch: 0, epochs: 25, loss: 0, checkpoint: null });
  });

  test('writes a model folder that answers its golden request', async () => {
    expect(trained).toMatchObject({ backend: 'wasm', epochs: 25, cached: false });
    const files = await readModelFolder(artifacts, trained.model);
    expect(Object.keys(files).sort()).toEqual([
      'history.json',
      'model.json',
      'oof.json',
      'spec.json',
      'training-report.json',
      'weights.bin',
    ]);
    const report = JSON.parse(Buffer.from(files['training-report.json']!).toString('utf8')) as object;
    expect(report).toMatchObject({
      backend: 'wasm',
      versions: { node: process.versions.node, citibike: 'test' },
      seed,
      frame: { sha256: train.sha256, rows: 24 * 28 },
    });
    expect(parseModelFiles(files).spec.trainedOn).toMatchObject({ hours: 24 * 28, synthetic: true });
  });

  test('finds the earlier model of the same input', async () => {
    const again = await environment().env.run(trainModel, {
      frame: train,
      config: config(seed),
      cache: true,
    });
    expect(again).toEqual({ ...trained, cached: true });
  });

  test('writes a manifest that names the frame and the parameters', async () => {
    const manifest = await artifacts.manifestOf(trained.model.uri);
    expect(manifest).toMatchObject({ step: 'train', inputs: [train], synthetic: true, parameters: { seed } });
  });

  test('evaluates on later hours, with naive forecasts, and finds the report again', async () => {
    const test1 = await frameOf(hours.slice(24 * 28));
    const input = { model: trained.model, train, test: test1, cache: true };
    const evaluation: Evaluation = await environment().env.run(evaluateModel, input);
    expect(evaluation.metrics.rows).toBe(24 * 7);
    expect(evaluation.metrics.rmse).toBeLessThan(evaluation.naive.rmse);
    const report = await artifacts.readJson<EvaluationReport>(evaluation.report);
    expect(Object.keys(report.byHour)).toHaveLength(24);
    expect(report.naive.sameHourLastWeek?.rows).toBe(24 * 7);
    expect(await environment().env.run(evaluateModel, input)).toEqual({
      ...evaluation,
      cached: true,
    });
  });

  test('rejects an evaluation on training hours', async () => {
    const input = { model: trained.model, train, test: train, cache: false };
    await expect(environment().env.run(evaluateModel, input)).rejects.toThrow(
      /is not after the training span/,
    );
  });
});

test(
  'a cancelled training stops, and its retry continues from the checkpoint',
  { timeout: TIMEOUT_MS },
  async () => {
    // The training is large enough to last beyond the first checkpoint.
    const frame = await frameOf(madeUpFrame(24 * 366));
    const first = environment({ attempt: 1 });
    first.env.on('heartbeat', (details) => {
      if ((details as TrainingHeartbeat).checkpoint) first.env.cancel();
    });
    const input = { frame, config: config(seed, { networks: 1, epochs: 12 }), cache: true };
    await expect(first.env.run(trainModel, input)).rejects.toBeInstanceOf(CancelledFailure);
    const left = first.heartbeats.at(-1)!;
    expect(left.checkpoint).toContain('/checkpoints/');
    const [killed] = await runsOf(input.config);
    expect(killed!.status).toBe('KILLED');

    const second = environment({ attempt: 2, heartbeatDetails: left });
    const trained: TrainedModel = await second.env.run(trainModel, input);
    expect(trained.cached).toBe(false);
    expect(second.heartbeats.every(({ epoch }) => epoch > 0)).toBe(true);
    expect(parseModelFiles(await readModelFolder(artifacts, trained.model)).spec.seeds).toEqual([seed]);
    const runs = await runsOf(input.config);
    expect(runs.map(({ runId, status }) => [runId, status])).toEqual([[killed!.runId, 'FINISHED']]);
    const epochs = await mlflow.runs.metricHistory(killed!.runId, 'train_loss');
    expect(epochs.map(({ step }) => step)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));

    // The worker was killed after it had stored the model. The next attempt finds the model, and closes the run.
    await mlflow.runs.reopen(killed!.runId);
    const third = environment({ attempt: 3, heartbeatDetails: left });
    expect(await third.env.run(trainModel, input)).toMatchObject({ cached: true });
    expect((await runsOf(input.config)).map(({ status }) => status)).toEqual(['FINISHED']);
  },
);

test(
  'a killed trainer is retried, and fails for good when it is killed at the same epoch again',
  { timeout: TIMEOUT_MS },
  async () => {
    const frame = await frameOf(madeUpFrame(24 * 366));
    const input = { frame, config: config(seed + 1), cache: true };
    const attempt = async (number: number, fromEpoch: number, heartbeatDetails?: TrainingHeartbeat) => {
      const { env, heartbeats } = environment({
        attempt: number,
        heartbeatDetails,
      });
      env.on('heartbeat', (details) => {
        if ((details as TrainingHeartbeat).epoch >= fromEpoch) killTrainers();
      });
      const error: unknown = await env.run(trainModel, input).catch((thrown: unknown) => thrown);
      return { error, last: heartbeats.at(-1)! };
    };
    const first = await attempt(1, 1);
    expect(first.error).toMatchObject({ code: 'TRAINER_CRASHED', retryable: true });
    // The kill comes within a second of the start, before another epoch can end.
    const second = await attempt(2, 0, first.last);
    expect(second.error).toMatchObject({
      code: 'TRAINING_FAILED',
      retryable: false,
      message: expect.stringMatching(/crashed twice in the same way \(SIGKILL\).*out of memory/) as string,
    });
    expect(trainers()).toEqual([]);
    expect(await runsOf(input.config)).toMatchObject([
      {
        status: 'FAILED',
        tags: { 'mlflow.note.content': expect.stringContaining('crashed twice') as string },
      },
    ]);
    // A new start, perhaps with more memory, has both attempts again.
    expect((await attempt(1, 0)).error).toMatchObject({ code: 'TRAINER_CRASHED' });
  },
);

/** Returns the trainer processes of this test that train; zombies would appear too. */
function trainers(): number[] {
  const { stdout } = spawnSync('pgrep', ['-P', String(process.pid), '-f', 'trainer.ts train'], {
    encoding: 'utf8',
  });
  return stdout.split('\n').filter(Boolean).map(Number);
}

function killTrainers(): void {
  for (const pid of trainers()) process.kill(pid, 'SIGKILL');
}

test.each([
  ['a single hour', madeUpFrame(1), /has 1 hours, expected at least 168/],
  [
    'a month without trips',
    madeUpFrame(24 * 31).map((row) => ({ ...row, date: row.date.replace('-01-', '-05-') })),
    /no trips in 2024-01/,
  ],
  ['too few hours', madeUpFrame(100), /has 100 hours, expected at least 168/],
  ['a constant target', madeUpFrame(200).map((row) => ({ ...row, trips: 5 })), /has 5 trips/],
])('%s fail for good', async (_name, rows, message) => {
  const frame = await frameOf(rows);
  const run = environment().env.run(trainModel, { frame, config: config(seed), cache: true });
  await expect(run).rejects.toMatchObject({
    code: 'TRAINING_FAILED',
    retryable: false,
    message: expect.stringMatching(message) as string,
  });
});
