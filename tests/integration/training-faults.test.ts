/**
 * Kills trainer, worker or Temporal server of a training with SIGKILL half-way, on a separate Temporal server and
 * worker. The weights equal those of an undisturbed training, and MLflow records each training once.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { WorkflowFailedError, type Client, type Connection, type WorkflowHandle } from '@temporalio/client';
import { CancelledFailure, defaultPayloadConverter } from '@temporalio/common';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MlflowClient } from '../../adapters/mlflow/mlflow-client.ts';
import type { Run } from '../../adapters/mlflow/runs.ts';
import { connectClient } from '../../adapters/temporal/temporal-connection.ts';
import { startWorkflow } from '../../client/start.ts';
import { writeSample } from '../../client/write-sample.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import type { TrainingHeartbeat } from '../../contracts/progress.ts';
import type { IngestResult } from '../../contracts/workflows/ingest.ts';
import type { TrainingResult } from '../../contracts/workflows/training.ts';
import { loadSettings } from '../../settings.ts';
import { allProcesses, processInfo } from '../../stack/process-table.ts';
import { SeverableProxy } from '../fixtures/severable-proxy.ts';
import { OwnTemporal } from './training-faults/own-temporal.ts';
import { OwnWorker } from './training-faults/own-worker.ts';
import { until } from './training-faults/until.ts';

/** Temporal notices a killed worker after a heartbeat timeout; the rest is for busy machines. */
const TIMEOUT_MS = 600_000;

/**
 * Keep a training short, but long enough that a checkpoint, written after 5 s, comes well before the end. Networks of 64
 * units slow an epoch down. Every training uses the same values, or their weights would differ anyway.
 */
const HYPER_PARAMETERS = { hidden: 64, networks: 2, epochs: 50, batch: 32 };
/** Is more than a training can end before it is cancelled. */
const ENDLESS = 500;

const prefix = `test-faults-${randomUUID().slice(0, 8)}`;
const settings = loadSettings();
const mlflow = new MlflowClient(settings.mlflow);
const workers: OwnWorker[] = [];
/** Holds the observed trainers and their folders. */
const trainersSeen = new Map<number, string>();
let dir: string;
let temporal: OwnTemporal;
let worker: OwnWorker;
/** Lets a test cut the workers off from MLflow. */
let toMlflow: SeverableProxy;
let client: Client;
let connection: Connection;
let dataset: ArtifactRef;
let undisturbed: Trained;

interface Trained {
  readonly result: TrainingResult;
  readonly workflowId: string;
  /** Returns the SHA-256 of the version's weights. */
  readonly weights: string;
}

/** Represents Temporal's view of a running training. */
interface Beat extends TrainingHeartbeat {
  readonly attempt: number;
}

async function startWorker(): Promise<OwnWorker> {
  const started = await OwnWorker.start({
    TEMPORAL_ADDRESS: temporal.address,
    MLFLOW_EXPERIMENT: prefix,
    MLFLOW_TRACKING_URI: `http://127.0.0.1:${toMlflow.port}`,
    TFJS_BACKEND: 'wasm',
    TRAINING_SLOTS: '1',
  });
  workers.push(started);
  return started;
}

/**
 * Starts a training of a new model without caches, so that it finds no other training.
 * @param epochs differs for a training that is cancelled, because the next one with the same number resumes from its checkpoint.
 */
function startTraining(name: string, epochs = HYPER_PARAMETERS.epochs): Promise<WorkflowHandle> {
  const input = {
    ...{ system: 'jc', featureSet: 'demand', cache: false, dataset, model: `${prefix}-${name}` },
    train: { from: '2024-01', to: '2024-02' },
    test: { from: '2024-03', to: '2024-03' },
    hyperParameters: { ...HYPER_PARAMETERS, epochs },
  };
  return startWorkflow(client, 'training', input, `${prefix}-${name}`);
}

async function beatOf(handle: WorkflowHandle): Promise<Beat | undefined> {
  const { raw } = await handle.describe();
  const activity = raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'trainModel');
  const payload = activity?.heartbeatDetails?.payloads?.[0];
  if (!activity || !payload) return undefined;
  return {
    ...defaultPayloadConverter.fromPayload<TrainingHeartbeat>(payload),
    attempt: activity.attempt ?? 1,
  };
}

/** Waits until Temporal has a checkpoint and the trainer has continued beyond it. */
async function untilCheckpoint(handle: WorkflowHandle): Promise<Beat & { trainer: number }> {
  return until('a checkpoint is stored', async () => {
    const { status } = await handle.describe();
    if (status.name !== 'RUNNING')
      throw new Error(`the training is ${status.name}, expected a checkpoint before`);
    const beat = await beatOf(handle);
    const [trainer] = worker.trainers();
    if (trainer === undefined || !beat?.checkpoint) return undefined;
    trainersSeen.set(trainer, processInfo(trainer)?.command.split(' ').at(-1) ?? '');
    return { ...beat, trainer };
  });
}

async function trainedBy(handle: WorkflowHandle): Promise<Trained> {
  const result = (await handle.result()) as TrainingResult;
  const files = await mlflow.downloadModelFiles(result.model, result.version);
  const weights = createHash('sha256').update(files['weights.bin']!).digest('hex');
  return { result, weights, workflowId: handle.workflowId };
}

async function runsOf(workflowId: string): Promise<Run[]> {
  const experiment = await mlflow.experiments.ensure(prefix);
  return mlflow.runs.searchByTag(experiment, 'citibike.workflow_id', workflowId);
}

/** Checks that there is one finished run, one version, and no repeated step of a metric. */
async function expectRecordedOnce({ result, workflowId }: Trained): Promise<void> {
  const runs = await runsOf(workflowId);
  expect(runs.map(({ runId, status }) => [runId, status])).toEqual([[result.runId, 'FINISHED']]);
  const versions = await mlflow.searchVersions(result.model);
  expect(versions.map(({ version }) => version)).toEqual([result.version]);
  const keys = Object.keys(runs[0]!.metrics);
  expect(keys).toContain('train_loss');
  for (const key of keys) {
    const steps = (await mlflow.runs.metricHistory(result.runId, key)).map(({ step }) => step);
    expect({ key, steps }).toEqual({ key, steps: [...new Set(steps)] });
    if (key === 'train_loss') expect(steps).toHaveLength(HYPER_PARAMETERS.epochs);
  }
}

/** Returns the epochs at which trainings resumed from a checkpoint, from the worker's log. */
function resumedAt({ log }: OwnWorker): number[] {
  return [...log.matchAll(/training resumes[^]*?epoch:? (\d+)/g)].map(([, epoch]) => Number(epoch));
}

async function expectGone(pid: number): Promise<void> {
  await until(`process ${pid} is gone`, () => (processInfo(pid) ? undefined : true), 30_000);
}

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'training-faults-'));
  const { hostname, port } = new URL(settings.mlflow.trackingUri);
  toMlflow = await SeverableProxy.before(hostname, Number(port));
  temporal = await OwnTemporal.start(path.join(settings.stackDir, 'bin', 'temporal'), dir);
  ({ client, connection } = await connectClient({ ...settings.temporal, address: temporal.address }));
  worker = await startWorker();
  const sample = path.join(dir, 'sample');
  const span = { from: '2024-01', to: '2024-03' };
  await writeSample({ out: sample, system: 'jc', ...span, ridesPerMonth: 2_000 });
  const source = { trips: pathToFileURL(sample).href };
  const ingest = await startWorkflow(client, 'ingest', { system: 'jc', ...span, source }, `${prefix}-ingest`);
  ({ dataset } = (await ingest.result()) as IngestResult);
  undisturbed = await trainedBy(await startTraining('undisturbed'));
}, TIMEOUT_MS);

afterAll(async () => {
  for (const each of workers) await each.end('SIGKILL');
  toMlflow?.close();
  await connection?.close();
  await temporal?.kill();
  if (dir) rmSync(dir, { recursive: true, force: true });
});

test('an undisturbed training is recorded once, and never resumes', async () => {
  await expectRecordedOnce(undisturbed);
  expect(resumedAt(worker)).toEqual([]);
});

test(
  'MLflow has the epochs, the user and the load while the trainer runs',
  { timeout: TIMEOUT_MS },
  async () => {
    const startedAt = Date.now();
    const handle = await startTraining('live');
    const open = await until('MLflow has a measurement', async () => {
      const [run] = await runsOf(handle.workflowId);
      return run && 'system/trainer_memory_megabytes' in run.metrics ? run : undefined;
    });
    expect(open.status).toBe('RUNNING');
    expect(worker.trainers()).toHaveLength(1);
    const keys = ['train_loss', 'learning_rate', 'system/cpu_utilization_percentage'];
    expect(Object.keys(open.metrics)).toEqual(
      expect.arrayContaining([...keys, 'system/system_memory_usage_megabytes']),
    );
    expect(open.params).toMatchObject({ epochs: String(HYPER_PARAMETERS.epochs), system: 'jc' });
    expect(open.tags['mlflow.user']).toBe(userInfo().username);
    const before = await mlflow.runs.metricHistory(open.runId, 'train_loss');
    const trained = await trainedBy(handle);
    await expectRecordedOnce(trained);
    const history = await mlflow.runs.metricHistory(open.runId, 'train_loss');
    expect(before.length).toBeLessThan(history.length);
    const times = history.map(({ timestamp }) => timestamp);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const run = await mlflow.runs.get(open.runId);
    // The run lasts as long as the training, without the registration.
    expect(run.startedAt).toBeGreaterThanOrEqual(startedAt);
    expect(run.endedAt! - run.startedAt).toBeGreaterThan(times.at(-1)! - times[0]!);
    expect(Math.abs(run.endedAt! - run.startedAt - trained.result.seconds * 1_000)).toBeLessThan(5_000);
  },
);

test(
  'a training outlives an outage of MLflow, and its run has every epoch',
  { timeout: TIMEOUT_MS },
  async () => {
    const handle = await startTraining('outage');
    await untilCheckpoint(handle);
    const open = await until('MLflow has the run', async () => (await runsOf(handle.workflowId))[0]);
    try {
      toMlflow.cut();
      await until('the trainer has ended', () => (worker.trainers().length === 0 ? true : undefined));
      expect((await mlflow.runs.get(open.runId)).status).toBe('RUNNING');
    } finally {
      // The other tests need MLflow.
      toMlflow.mend();
    }
    const trained = await trainedBy(handle);
    expect(trained.weights).toBe(undisturbed.weights);
    expect(trained.result.runId).toBe(open.runId);
    await expectRecordedOnce(trained);
  },
);

test('a killed trainer resumes to the same weights', { timeout: TIMEOUT_MS }, async () => {
  const handle = await startTraining('trainer');
  const { trainer, epoch } = await untilCheckpoint(handle);
  process.kill(trainer, 'SIGKILL');
  const trained = await trainedBy(handle);
  expect(trained.weights).toBe(undisturbed.weights);
  const [resumed] = resumedAt(worker);
  expect(resumed).toBeGreaterThan(0);
  expect(resumed).toBeLessThanOrEqual(HYPER_PARAMETERS.epochs);
  expect(epoch).toBeGreaterThan(0);
  await expectRecordedOnce(trained);
});

test(
  'a killed worker ends its trainer, and another resumes to the same weights',
  { timeout: TIMEOUT_MS },
  async () => {
    const handle = await startTraining('worker');
    const { trainer } = await untilCheckpoint(handle);
    await worker.end('SIGKILL');
    await expectGone(trainer);
    worker = await startWorker();
    const trained = await trainedBy(handle);
    expect(trained.weights).toBe(undisturbed.weights);
    expect(resumedAt(worker)).toEqual([expect.toSatisfy((epoch: number) => epoch > 0)]);
    await expectRecordedOnce(trained);
  },
);

test(
  'a Temporal server that is down for longer than a heartbeat time-out changes nothing',
  { timeout: TIMEOUT_MS },
  async () => {
    const handle = await startTraining('temporal');
    await untilCheckpoint(handle);
    await temporal.kill();
    await sleep(17_000);
    await temporal.start();
    const trained = await trainedBy(handle);
    expect(trained.weights).toBe(undisturbed.weights);
    await expectRecordedOnce(trained);
  },
);

test('cancelling a training ends its trainer, and registers nothing', { timeout: TIMEOUT_MS }, async () => {
  const handle = await startTraining('cancelled', ENDLESS);
  const { trainer } = await untilCheckpoint(handle);
  await handle.cancel();
  const error: unknown = await handle.result().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(WorkflowFailedError);
  expect((error as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
  await expectGone(trainer);
  expect(await mlflow.searchVersions(`${prefix}-cancelled`)).toEqual([]);
  const killed = await until('the run is closed', async () => {
    const runs = await runsOf(handle.workflowId);
    return runs.every(({ status }) => status !== 'RUNNING') ? runs : undefined;
  });
  expect(killed.map(({ status }) => status)).toEqual(['KILLED']);
  expect(killed[0]!.endedAt).toBeGreaterThan(killed[0]!.startedAt);
});

test('cancelling a training whose worker was killed ends its run', { timeout: TIMEOUT_MS }, async () => {
  const handle = await startTraining('killed', ENDLESS - 1);
  await untilCheckpoint(handle);
  await until('MLflow has the run', async () => (await runsOf(handle.workflowId))[0]);
  await worker.end('SIGKILL');
  await handle.cancel();
  worker = await startWorker();
  const error: unknown = await handle.result().catch((thrown: unknown) => thrown);
  expect((error as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
  expect((await runsOf(handle.workflowId)).map(({ status }) => status)).toEqual(['KILLED']);
});

test(
  'a worker that goes on after another one has replaced it changes no run',
  { timeout: TIMEOUT_MS },
  async () => {
    const handle = await startTraining('suspended');
    await untilCheckpoint(handle);
    const suspended = worker;
    for (const pid of [...suspended.trainers(), suspended.pid]) process.kill(pid, 'SIGSTOP');
    worker = await startWorker();
    const trained = await trainedBy(handle);
    const before = await mlflow.runs.get(trained.result.runId);
    for (const pid of [...suspended.trainers(), suspended.pid]) process.kill(pid, 'SIGCONT');
    await until('the trainer of the former attempt has ended', () =>
      suspended.trainers().length === 0 ? true : undefined,
    );
    // The former worker ends its attempt within some seconds.
    await suspended.end('SIGTERM');
    expect(trained.weights).toBe(undisturbed.weights);
    await expectRecordedOnce(trained);
    expect((await mlflow.runs.get(trained.result.runId)).endedAt).toBe(before.endedAt);
  },
);

test(
  'no trainer remains, by pid or by command line, while and after the worker stops',
  { timeout: TIMEOUT_MS },
  async () => {
    expect(trainersSeen.size).toBeGreaterThanOrEqual(4);
    const folders = [...trainersSeen.values()];
    const left = () =>
      allProcesses().filter(
        ({ pid, command }) => trainersSeen.has(pid) || folders.some((folder) => command.includes(folder)),
      );
    expect(left()).toEqual([]);
    await worker.end('SIGTERM');
    expect(left()).toEqual([]);
    expect(worker.trainers()).toEqual([]);
  },
);
