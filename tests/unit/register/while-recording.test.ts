import { setImmediate } from 'node:timers/promises';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import {
  endAbandonedRun,
  endTrainingRuns,
  type Training,
} from '../../../activities/register/training-run.ts';
import { whileRecording, type EpochReport } from '../../../activities/register/while-recording.ts';
import { HyperParameters } from '../../../contracts/hyper-parameters.ts';
import { MemoryRuns } from './memory-runs.ts';

const training: Training = {
  config: {
    system: 'nyc',
    featureSet: 'demand',
    hyperParameters: Value.Create(HyperParameters),
    seed: 42,
    span: { from: '2024-01', to: '2024-12' },
    synthetic: false,
  },
  frame: { uri: 's3://b/k', sha256: 'a'.repeat(64), bytes: 1, schemaVersion: 1 },
  backend: 'wasm',
};

const report = (epoch: number): EpochReport => ({
  ...{
    epoch,
    at: 1_000 * epoch,
    loss: 1 / epoch,
    heldOutLoss: 2 / epoch,
    learningRate: 0.01,
    cpuMs: epoch,
    memoryBytes: 1e8,
  },
});

/** Runs an attempt that reports the epochs, in the run of a workflow. */
function attempt(
  mlflow: MemoryRuns,
  epochs: readonly number[],
  {
    runId = 'first',
    signal = new AbortController().signal,
    scheduledAt = 1,
    startedBy,
    suspended,
    error,
  }: {
    readonly runId?: string;
    readonly signal?: AbortSignal;
    /** Time at which Temporal scheduled the attempt. */
    readonly scheduledAt?: number;
    readonly startedBy?: string;
    /** Stops the attempt after its first epoch. */
    readonly suspended?: Promise<unknown>;
    readonly error?: Error;
  } = {},
): Promise<string> {
  const workflowExecution = { workflowId: 'w', runId };
  const info = { workflowExecution, currentAttemptScheduledTimestampMs: scheduledAt };
  const environment = new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });
  return environment.run(async () =>
    whileRecording(mlflow.dependencies, { ...training, startedBy }, signal, async (onEpoch) => {
      for (const epoch of epochs) {
        onEpoch(report(epoch));
        await suspended;
      }
      if (error) throw error;
      return 'trained';
    }),
  );
}

const stepsOf = (mlflow: MemoryRuns, key: string) =>
  mlflow.runs[0]!.history.filter((metric) => metric.key === key).map(({ step }) => step);

describe('the recording of a training', () => {
  it('opens a run with its parameters, logs epochs in few calls and ends with the training', async () => {
    const mlflow = new MemoryRuns();
    expect(await attempt(mlflow, [1, 2, 3])).toBe('trained');
    const [run] = mlflow.runs;
    expect(run).toMatchObject({
      status: 'FINISHED',
      params: { seed: '42', learning_rate: '0.001', train_to: '2024-12', backend: 'wasm' },
      tags: { 'citibike.workflow_id': 'w', 'mlflow.source.name': 'citibike training' },
      metrics: { train_loss: 1 / 3, held_out_loss: 2 / 3, learning_rate: 0.01 },
    });
    expect(run!.endedAt).toBeGreaterThanOrEqual(run!.startedAt);
    expect(stepsOf(mlflow, 'train_loss')).toEqual([1, 2, 3]);
    expect(run!.history.filter(({ step }) => step === 2).map(({ timestamp }) => timestamp)).toEqual([
      2_000, 2_000, 2_000,
    ]);
    expect(mlflow.batches).toBe(1);
  });

  it('resumes in the run of a dead attempt, and repeats no epoch', async () => {
    const mlflow = new MemoryRuns();
    await expect(attempt(mlflow, [1, 2, 3], { error: new Error('killed') })).rejects.toThrow('killed');
    expect(mlflow.runs[0]).toMatchObject({ status: 'FAILED', tags: { 'mlflow.note.content': 'killed' } });
    await attempt(mlflow, [2, 3, 4]);
    expect(mlflow.runs).toHaveLength(1);
    expect(mlflow.runs[0]).toMatchObject({ status: 'FINISHED', tags: { 'mlflow.note.content': '' } });
    expect(stepsOf(mlflow, 'train_loss')).toEqual([1, 2, 3, 4]);
  });

  it.each(['opened the run before', 'opens the run after'])(
    'leaves the run to a later attempt if the earlier one %s it and goes on',
    async (order) => {
      const mlflow = new MemoryRuns();
      const isFirst = order === 'opened the run before';
      const resumed = Promise.withResolvers<void>();
      mlflow.isDown = !isFirst;
      const options = { scheduledAt: 1, suspended: resumed.promise, error: new Error('cancelled') };
      const earlier = attempt(mlflow, [1, 2, 3, 4], options);
      await expect.poll(() => mlflow.runs).toHaveLength(Number(isFirst));
      mlflow.isDown = false;
      await attempt(mlflow, [1, 2, 3], { scheduledAt: 2 });
      resumed.resolve();
      await expect(earlier).rejects.toThrow('cancelled');
      expect(stepsOf(mlflow, 'train_loss')).toEqual([1, 2, 3]);
      expect(mlflow.runs.map(({ status }) => status)).toEqual(['FINISHED']);
    },
  );

  it('names the person who started the workflow as the user of the run', async () => {
    const mlflow = new MemoryRuns();
    await attempt(mlflow, [1], { startedBy: 'ann' });
    await attempt(mlflow, [1], { runId: 'second' });
    expect(mlflow.runs.map(({ tags }) => tags['mlflow.user'])).toEqual(['ann', undefined]);
  });

  it('opens another run for another run of the workflow', async () => {
    const mlflow = new MemoryRuns();
    await attempt(mlflow, [1]);
    await attempt(mlflow, [1], { runId: 'second' });
    expect(mlflow.runs).toHaveLength(2);
  });

  it('marks a cancelled training as killed', async () => {
    const mlflow = new MemoryRuns();
    const signal = AbortSignal.abort();
    await expect(attempt(mlflow, [1], { signal, error: new Error('cancelled') })).rejects.toThrow();
    expect(mlflow.runs[0]).toMatchObject({ status: 'KILLED', endedAt: expect.any(Number) as number });
  });

  it('does not fail a training while MLflow is down', async () => {
    const mlflow = new MemoryRuns();
    mlflow.isDown = true;
    expect(await attempt(mlflow, [1, 2])).toBe('trained');
    expect(mlflow.runs).toEqual([]);
  });

  it('does not end the run once the end of the training no longer waits for MLflow', async () => {
    const mlflow = new MemoryRuns();
    const answered = Promise.withResolvers<void>();
    mlflow.slowBatch = answered.promise;
    await expect(attempt(mlflow, [1], { error: new Error('killed') })).rejects.toThrow('killed');
    answered.resolve();
    await expect.poll(() => mlflow.batches).toBe(1);
    await setImmediate();
    // A retry has the run now.
    expect(mlflow.runs[0]!.status).toBe('RUNNING');
  }, 20_000);

  it('logs no epoch twice after a batch whose answer was lost', async () => {
    const mlflow = new MemoryRuns();
    mlflow.lostAnswers = 1;
    await attempt(mlflow, [1, 2]);
    await attempt(mlflow, [1, 2, 3]);
    expect(stepsOf(mlflow, 'train_loss')).toEqual([1, 2, 3]);
    expect(mlflow.runs[0]!.status).toBe('FINISHED');
  });
});

const inActivity = <T>(work: () => Promise<T>, scheduledAt = 9): Promise<T> => {
  const workflowExecution = { workflowId: 'w', runId: 'first' };
  return new MockActivityEnvironment({
    workflowExecution,
    currentAttemptScheduledTimestampMs: scheduledAt,
  }).run(work);
};

it.each([
  ['cancelled', 'KILLED'],
  ['failed', 'FAILED'],
] as const)(
  'ends the run that a killed worker left open when the workflow is %s',
  async (outcome, status) => {
    const mlflow = new MemoryRuns();
    const resumed = Promise.withResolvers<void>();
    const killed = attempt(mlflow, [1, 2], { suspended: resumed.promise });
    await attempt(mlflow, [1], { runId: 'of another workflow' });
    await expect.poll(() => mlflow.runs).toHaveLength(2);
    mlflow.runs[1]!.status = 'RUNNING';
    await inActivity(() => endTrainingRuns(mlflow.dependencies, { outcome }));
    expect(mlflow.runs.map((run) => run.status).sort()).toEqual(['RUNNING', status].sort());
    // The worker was only suspended. It no longer writes.
    resumed.resolve();
    await killed;
    const run = mlflow.runs.find(({ tags }) => tags['citibike.workflow_run_id'] === 'first')!;
    expect(run.status).toBe(status);
  },
);

it('ends the run of an attempt that died after it had stored its model', async () => {
  const mlflow = new MemoryRuns();
  const error = new Error('killed');
  await attempt(mlflow, [1], { error }).catch(() => undefined);
  mlflow.runs[0]!.status = 'RUNNING';
  await inActivity(() => endAbandonedRun(mlflow.dependencies, training));
  expect(mlflow.runs.map(({ status }) => status)).toEqual(['FINISHED']);
});
