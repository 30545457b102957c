/**
 * Tests the search on the real stack: activity by activity with killed trainers, then whole workflows that are
 * cancelled, started again and continued as new.
 */
import { execFileSync } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Client, Connection, WorkflowHandle } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCloseRung } from '../../activities/train/plan-search.ts';
import { createTrainingQueueActivities } from '../../activities/training-queue.ts';
import { TrialStore } from '../../activities/train/trial-store.ts';
import { writeFrameFile } from '../../adapters/duckdb/frame-file.ts';
import type { Run } from '../../adapters/mlflow/runs.ts';
import { connectClient } from '../../adapters/temporal/temporal-connection.ts';
import { progressOf, startWorkflow } from '../../client/start.ts';
import { writeSample } from '../../client/write-sample.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { FRAME_SCHEMA_VERSION } from '../../contracts/frame.ts';
import { HyperParameters } from '../../contracts/hyper-parameters.ts';
import { madeUpFrame } from '../unit/serving/tiny-network.ts';
import { testDependencies } from '../fixtures/test-dependencies.ts';
import type { IngestResult } from '../../contracts/workflows/ingest.ts';
import type {
  SearchActivities,
  SearchPlan,
  SearchState,
  SearchStep,
} from '../../contracts/activities/search.ts';
import type { SearchResult } from '../../contracts/workflows/search.ts';

const prefix = `test-search-${randomUUID().slice(0, 8)}`;
const { artifacts, close, deps, mlflow, settings } = testDependencies(prefix, { tfBackend: 'wasm' });
const activities = { ...createTrainingQueueActivities(deps), closeRung: createCloseRung(deps) };
const defaults = Value.Parse(HyperParameters, Value.Default(HyperParameters, {}));

afterAll(async () => {
  await close();
});

/** Returns an activity environment of its own workflow run. */
function environment(runId: string, attempt = 1) {
  const info = { attempt, workflowExecution: { workflowId: prefix, runId } };
  return new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });
}

async function frameOf(hours: number): Promise<ArtifactRef> {
  const dir = await mkdtemp(path.join(tmpdir(), 'citibike-test-'));
  try {
    const file = path.join(dir, 'frame.parquet');
    const rows = madeUpFrame(hours);
    await writeFrameFile(file, rows);
    const producer = { workflowId: prefix, runId: 'run', step: 'frame', codeVersion: 'test' };
    const about = { schemaVersion: FRAME_SCHEMA_VERSION, inputs: [], parameters: {}, synthetic: true };
    return await artifacts.write(producer, {
      name: 'frame.parquet',
      content: { file },
      rows: rows.length,
      ...about,
    });
  } finally {
    await rm(dir, { recursive: true });
  }
}

/** Runs the activities of a search one by one, separate from other searches, so that their caches do not matter. */
class ByHand {
  readonly runId = randomUUID();
  readonly #parallelism: number;

  constructor(parallelism: number) {
    this.#parallelism = parallelism;
  }

  plan(frame: ArtifactRef, trials: number, epochs: number, months: number): Promise<SearchStep> {
    const span = { from: '2024-01', to: `2024-${String(months).padStart(2, '0')}` };
    const input: Parameters<SearchActivities['planSearch']>[0] = {
      frame,
      config: { system: 'nyc', featureSet: 'demand', seed: 42, span, synthetic: true },
      hyperParameters: { ...defaults, epochs },
      options: { trials, folds: 2, rungs: 2, reduction: 2, parallelism: this.#parallelism },
      cache: false,
    };
    return environment(this.runId).run((asked: typeof input) => activities.planSearch(asked), input);
  }

  runChunk(
    { state }: SearchStep,
    chunk: number,
    env = environment(this.runId),
  ): ReturnType<SearchActivities['runTrials']> {
    return env.run((asked: { state: ArtifactRef; chunk: number }) => activities.runTrials(asked), {
      state,
      chunk,
    });
  }

  close({ state }: SearchStep): Promise<SearchStep> {
    return environment(this.runId).run(
      (asked: { state: ArtifactRef; parallelism: number }) => activities.closeRung(asked),
      { state, parallelism: this.#parallelism },
    );
  }
}

/** Returns scores by rung, without their durations. */
async function scoresOf({ state }: SearchStep): Promise<unknown> {
  const { closed } = await artifacts.readJson<SearchState>(state);
  return closed.map(({ ranking, kept }) => ({
    ranking: ranking.map(({ trial, rmse }) => ({ trial, rmse })),
    kept,
  }));
}

/** Returns the trainers of trials that this process started. */
function ownTrainers(): number[] {
  try {
    const found = execFileSync('pgrep', ['-P', String(process.pid), '-f', 'trainer.ts trials'], {
      encoding: 'utf8',
    });
    return found.trim().split('\n').map(Number);
  } catch {
    return [];
  }
}

describe('activity by activity', () => {
  let frame: ArtifactRef;
  let expected: unknown;

  beforeAll(async () => {
    // January and February are enough for a trial to take a moment.
    frame = await frameOf(24 * 60);
    const search = new ByHand(1);
    let step = await search.plan(frame, 4, 8, 2);
    while (step.chunkSizes.length > 0) {
      for (const chunk of step.chunkSizes.keys()) await search.runChunk(step, chunk);
      step = await search.close(step);
    }
    expected = await scoresOf(step);
  });

  test('the scores do not depend on chunks, their order, or whether a rung finds the checkpoints of the one before', async () => {
    const search = new ByHand(4);
    let step = await search.plan(frame, 4, 8, 2);
    expect(step.chunkSizes).toHaveLength(4);
    while (step.chunkSizes.length > 0) {
      for (const chunk of [...step.chunkSizes.keys()].reverse()) await search.runChunk(step, chunk);
      const { plan: ref } = await artifacts.readJson<SearchState>(step.state);
      const plan = await artifacts.readJson<SearchPlan>(ref);
      await new TrialStore(artifacts.objects, plan, 0).checkpoints(0).clear();
      step = await search.close(step);
    }
    expect(await scoresOf(step)).toEqual(expected);
  });

  test('a killed trainer repeats only its current trial, and the scores are the same', async () => {
    const search = new ByHand(1);
    let step = await inOneChunk(await search.plan(frame, 4, 8, 2));
    const run = search.runChunk(step, 0);
    run.catch(() => undefined);
    await killWhenScored(step, 0);
    await expect(run).rejects.toMatchObject({ code: 'TRAINER_CRASHED', retryable: true });
    expect(ownTrainers()).toEqual([]);
    const again = await search.runChunk(step, 0, environment(search.runId, 2));
    expect(again.found).toBeGreaterThanOrEqual(1);
    expect(again.found + again.trained).toBe(4);

    while (step.chunkSizes.length > 0) {
      for (const chunk of step.chunkSizes.keys()) await search.runChunk(step, chunk);
      step = await search.close(step);
    }
    expect(await scoresOf(step)).toEqual(expected);
  });

  test('a second crash of the same kind in the same trial fails the trial', async () => {
    const search = new ByHand(4);
    const step = await search.plan(frame, 4, 500, 2);
    const crash = async (attempt: number) => {
      const run = search.runChunk(step, 0, environment(search.runId, attempt));
      run.catch(() => undefined);
      while (ownTrainers().length === 0) await sleep(20);
      for (const pid of ownTrainers()) process.kill(pid, 'SIGKILL');
      return run.catch((error: unknown) => error);
    };
    expect(await crash(1)).toMatchObject({ code: 'TRAINER_CRASHED' });
    expect(await crash(2)).toMatchObject({ code: 'TRAINING_FAILED', retryable: false });
  });

  test('folds without hidden hours are rejected before any training', async () => {
    const search = new ByHand(1);
    const week = await frameOf(24 * 7);
    await expect(search.plan(week, 4, 8, 1)).rejects.toMatchObject({
      code: 'TRAINING_FAILED',
      message: expect.stringMatching(/cannot be split into 2 folds/) as string,
    });
  });

  /** Runs all trials of the rung in one trainer, in order. */
  async function inOneChunk(step: SearchStep): Promise<SearchStep> {
    const state = await artifacts.readJson<SearchState>(step.state);
    const chunks = [state.chunks.flat().sort((a, b) => a - b)];
    const producer = { workflowId: prefix, runId: 'run', step: 'search', codeVersion: 'test' };
    const ref = await artifacts.write(producer, {
      name: 'state.json',
      content: new TextEncoder().encode(JSON.stringify({ ...state, chunks })),
      schemaVersion: 1,
      inputs: [],
      parameters: {},
      synthetic: true,
    });
    return { ...step, state: ref, chunkSizes: chunks.map((chunk) => chunk.length) };
  }

  async function killWhenScored({ state }: SearchStep, trial: number): Promise<void> {
    const { plan: ref } = await artifacts.readJson<SearchState>(state);
    const store = new TrialStore(artifacts.objects, await artifacts.readJson<SearchPlan>(ref), 0);
    while (!(await store.find(trial))) await sleep(10);
    for (const pid of ownTrainers()) process.kill(pid, 'SIGKILL');
  }
});

describe('as a workflow', () => {
  // This seed is used by no earlier run of these tests, so that the caches are empty.
  const seed = randomInt(2 ** 30);
  let client: Client;
  let connection: Connection;
  let dir: string;
  let dataset: ArtifactRef;
  let result: SearchResult;

  const inputOf = (more: object = {}) => ({
    system: 'jc',
    train: { from: '2024-08', to: '2024-09' },
    dataset,
    seed,
    trials: 4,
    folds: 2,
    rungs: 2,
    hyperParameters: { epochs: 6 },
    ...more,
  });
  const start = (what: string, more: object = {}): Promise<WorkflowHandle> =>
    startWorkflow(client, 'search', inputOf(more), `${prefix}-${what}`);
  const childrenOf = (run: Run) => mlflow.runs.searchByTag(run.experimentId, 'mlflow.parentRunId', run.runId);

  beforeAll(async () => {
    ({ client, connection } = await connectClient(settings.temporal));
    dir = await mkdtemp(path.join(tmpdir(), 'citibike-test-'));
    await writeSample({ out: dir, system: 'jc', from: '2024-08', to: '2024-09', ridesPerMonth: 20_000 });
    const input = {
      system: 'jc',
      from: '2024-08',
      to: '2024-09',
      source: { trips: pathToFileURL(dir).href },
    };
    const ingest = await startWorkflow(client, 'ingest', input, `${prefix}-ingest`);
    ({ dataset } = (await ingest.result()) as IngestResult);
    result = (await (await start('first')).result()) as SearchResult;
  });

  afterAll(async () => {
    await connection.close();
    await rm(dir, { recursive: true });
  });

  test('ends with a trial that is no worse than the defaults', () => {
    expect(result).toMatchObject({ trials: 4, folds: 2, synthetic: true, cached: false });
    expect(result.best.rmse).toBeLessThanOrEqual(result.defaultRmse!);
  });

  test('leaves a run with one nested run per trial: parameters, a score per rung, and its end', async () => {
    const parent = await mlflow.runs.get(result.runId);
    expect(parent).toMatchObject({
      status: 'FINISHED',
      params: { trials: '4', best_trial: String(result.best.trial) },
    });
    const children = await childrenOf(parent);
    expect(children.map((child) => child.tags['citibike.trial'])).toEqual(['0', '1', '2', '3']);
    const states = children.map((child) => child.tags['citibike.trial_state']);
    // A third of four trials is two, and the defaults stay.
    expect(states.filter((state) => state === 'completed').length).toBeGreaterThanOrEqual(2);
    expect(states.filter((state) => state === 'pruned at rung 1').length).toBeGreaterThanOrEqual(1);
    expect(await mlflow.runs.metricHistory(children[0]!.runId, 'rmse')).toMatchObject([
      { step: 3 },
      { step: 6 },
    ]);
    const best = children.find((child) => child.tags['citibike.trial'] === String(result.best.trial))!;
    expect(best.params['learning_rate']).toBe(String(result.best.hyperParameters.learningRate));
    expect(best.metrics['rmse']).toBe(result.best.rmse);
    // A trial lasts as long as its trainer worked in both rungs.
    const rungs = await mlflow.runs.metricHistory(best.runId, 'trainer_seconds');
    const seconds = rungs.reduce((sum, { value }) => sum + value, 0);
    expect(best.endedAt! - best.startedAt).toBe(Math.round(seconds * 1_000));
  });

  test('comes from the cache when it is started again, and makes no second run', async () => {
    const again = (await (await start('again')).result()) as SearchResult;
    expect(again).toMatchObject({ best: result.best, runId: result.runId, trainerSeconds: 0, cached: true });
    const parent = await mlflow.runs.get(result.runId);
    const children = await childrenOf(parent);
    expect(children).toHaveLength(4);
    expect(await mlflow.runs.metricHistory(children[0]!.runId, 'rmse')).toHaveLength(2);
  });

  test('continues as new between rungs when its history is long, with the same result', async () => {
    const handle = await start('long', { continueAfter: 5 });
    const firstRun = (await handle.describe()).runId;
    expect(await handle.result()).toMatchObject({ best: result.best, runId: result.runId });
    const { status } = await client.workflow.getHandle(handle.workflowId, firstRun).describe();
    expect(status.name).toBe('CONTINUED_AS_NEW');
  });

  test('records the finished rungs when it is cancelled, and continues from them when it is started again', async () => {
    // The defaults train long enough in the second rung for the test to cancel there.
    const long = { seed: seed + 1, hyperParameters: { epochs: 120 } };
    const handle = await start('cancelled', long);
    const detail = async () => (await progressOf(client, handle.workflowId))?.steps[1]?.detail ?? '';
    while (!(await detail()).startsWith('rung 2')) await sleep(100);
    await handle.cancel();
    await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });

    const [search] = await searchesOf(handle.workflowId);
    expect(search!.status).toBe('KILLED');
    const states = (await childrenOf(search!)).map((child) => child.tags['citibike.trial_state']);
    expect(states).toHaveLength(4);
    expect(new Set(states)).toEqual(new Set(['pruned at rung 1', 'stopped at rung 1']));

    const resumed = (await (await start('resumed', long)).result()) as SearchResult;
    expect(resumed.runId).toBe(search!.runId);
    expect((await mlflow.runs.get(search!.runId)).status).toBe('FINISHED');
    const children = await childrenOf(search!);
    expect(children.every((child) => child.status === 'FINISHED')).toBe(true);
    expect(await mlflow.runs.metricHistory(children[0]!.runId, 'rmse')).toHaveLength(2);
  }, 240_000);

  async function searchesOf(workflowId: string): Promise<Run[]> {
    const experiment = await mlflow.experiments.ensure(settings.mlflow.experiment);
    return mlflow.runs.searchByTag(experiment, 'citibike.workflow_id', workflowId);
  }
});
