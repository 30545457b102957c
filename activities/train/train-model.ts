/** Activity `trainModel`: from a frame to a model folder in S3, through a trainer process that may die and be resumed. */
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Context } from '@temporalio/activity';
import { readFrame } from '../../adapters/duckdb/frame.ts';
import { digestOf } from '../../adapters/s3/artifact-store.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { messageOf } from '../../contracts/errors.ts';
import type { TrainingHeartbeat } from '../../contracts/progress.ts';
import type { ModelFolder, TrainActivities, TrainedModel, TrainingConfig } from '../../contracts/stages.ts';
import { decodeCheckpoint } from '../../core/model/checkpoint.ts';
import { networkOf, parameterShapes } from '../../core/model/ensemble.ts';
import { assembleModelFolder, QUANTILE_HEADS } from '../../core/model/model-folder.ts';
import { parseModelFiles } from '../../core/model/serving-model.ts';
import { FOLDS, prepareTraining, type TrainingSet } from '../../core/model/training-set.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';
import { cachedIfPresent } from '../common/reuse.ts';
import { CheckpointStore } from './checkpoint-store.ts';
import { MODEL_FOLDER_SCHEMA_VERSION } from './model-folder.ts';
import { shapeOf } from './train-ensemble.ts';
import { HYPER_PARAMETERS, TASK_FILES, type BackendName, type TrainingTask } from './trainer-protocol.ts';
import { probeBackend, runTrainer } from './trainer-process.ts';

/** Grows with every change that gives other weights for the same input. */
const TRAIN_STAGE_VERSION = 2;

/** A checkpoint costs about 20 ms; a resumed training repeats no more than this. */
const CHECKPOINT_SECONDS = 5;

/** Well below the activity's heartbeat timeout, and enough for a progress bar. */
const HEARTBEAT_MS = 1_000;

interface Work {
  readonly deps: ActivityDependencies;
  readonly config: TrainingConfig;
  readonly backend: BackendName;
  readonly checkpoints: CheckpointStore;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** What heartbeats say; changed as the trainer reports. */
type Progress = { -readonly [K in keyof TrainingHeartbeat]: TrainingHeartbeat[K] };

export function createTrainModel(deps: ActivityDependencies): TrainActivities['trainModel'] {
  // Which backend loads does not change while a worker lives.
  let probed: BackendName | undefined;

  return async ({ frame, config, cache }) => {
    const context = Context.current();
    const before = context.info.heartbeatDetails as TrainingHeartbeat | undefined;
    const progress: Progress = {
      epoch: before?.epoch ?? 0,
      epochs: HYPER_PARAMETERS.epochs,
      loss: before?.loss ?? 0,
      checkpoint: before?.checkpoint ?? null,
    };
    const beat = () => context.heartbeat({ ...progress } satisfies TrainingHeartbeat);
    beat();
    const timer = setInterval(beat, HEARTBEAT_MS);
    try {
      const signal = context.cancellationSignal;
      const backend = (probed ??= await probeBackend(deps.tfBackend, signal));
      const key = { frame: frame.sha256, config, backend, version: TRAIN_STAGE_VERSION, HYPER_PARAMETERS };
      const checkpoints = new CheckpointStore(deps.artifacts.objects, digestOf(key).slice(0, 32));
      const work: Work = { deps, config, backend, checkpoints, signal, progress };
      const { value, cached } = await cachedIfPresent<Omit<TrainedModel, 'cached'>>(
        deps.artifacts,
        'train',
        key,
        cache,
        ({ model }) => model,
        () => train(work, frame),
      );
      if (!cached) await checkpoints.clear();
      return { ...value, cached };
    } finally {
      clearInterval(timer);
    }
  };
}

async function train(work: Work, frame: ArtifactRef): Promise<Omit<TrainedModel, 'cached'>> {
  const started = performance.now();
  const rows = await readFrame(work.deps.artifacts, frame);
  const training = prepareTraining(rows, work.config.featureSet);
  const folder = await workFolder(work.checkpoints.effectKey);
  try {
    const task = taskOf(training, work.config.seed, work.backend);
    await writeTask(folder, task, training);
    await fetchCheckpoint(work, task, folder);
    const files = await trainInProcess(work, task, training, folder);
    const seconds = Math.round((performance.now() - started) / 10) / 100;
    const model = await writeModelFolder(work, frame, files, seconds);
    return { model, backend: work.backend, epochs: task.epochs, seconds };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A folder of this process alone; what a killed worker left of the same training on this machine is removed. */
async function workFolder(key: string): Promise<string> {
  const prefix = `citibike-train-${key}-`;
  for (const name of await readdir(tmpdir())) {
    if (name.startsWith(prefix) && !isAlive(Number(name.slice(prefix.length).split('-')[0])))
      await rm(path.join(tmpdir(), name), { recursive: true, force: true });
  }
  return mkdtemp(path.join(tmpdir(), `${prefix}${process.pid}-`));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export function taskOf(training: TrainingSet, seed: number, backend: BackendName): TrainingTask {
  const { networks, ...rest } = HYPER_PARAMETERS;
  return {
    ...rest,
    backend,
    rows: training.inputs.length,
    features: training.set.features.length,
    quantiles: QUANTILE_HEADS,
    seeds: Array.from({ length: networks + FOLDS }, (_, member) => seed + member),
    folds: FOLDS,
    goldenRow: training.goldenRow,
    checkpointSeconds: CHECKPOINT_SECONDS,
  };
}

export async function writeTask(folder: string, task: TrainingTask, training: TrainingSet): Promise<void> {
  const bytes = ({ buffer, byteOffset, byteLength }: Float32Array) =>
    new Uint8Array(buffer, byteOffset, byteLength);
  await Promise.all([
    writeFile(path.join(folder, TASK_FILES.task), JSON.stringify(task)),
    writeFile(path.join(folder, TASK_FILES.x), bytes(training.x)),
    writeFile(path.join(folder, TASK_FILES.y), bytes(training.y)),
    writeFile(path.join(folder, TASK_FILES.fold), training.fold),
  ]);
}

function sizesOf(task: TrainingTask): number[] {
  return parameterShapes(shapeOf(task)).map((shape) => shape.reduce((size, length) => size * length, 1));
}

/** Puts the newest checkpoint that is whole into the task's folder, where there is one. */
async function fetchCheckpoint(
  { checkpoints, progress }: Work,
  task: TrainingTask,
  folder: string,
): Promise<void> {
  const file = path.join(folder, TASK_FILES.resume);
  for (const { uri, epoch } of await checkpoints.newestFirst(progress.checkpoint)) {
    try {
      if (!(await checkpoints.fetch(uri, file))) continue;
      const { loss } = decodeCheckpoint(await readFile(file), sizesOf(task));
      Object.assign(progress, { epoch, loss, checkpoint: uri });
      Context.current().log.info('training resumes', { checkpoint: uri, epoch });
      return;
    } catch (error) {
      await rm(file, { force: true });
      Context.current().log.warn('checkpoint cannot be used', { checkpoint: uri, reason: messageOf(error) });
    }
  }
}

async function trainInProcess(
  work: Work,
  task: TrainingTask,
  training: TrainingSet,
  folder: string,
): Promise<Record<string, Uint8Array>> {
  const { attempt } = Context.current().info;
  let uploads = Promise.resolve();
  const { golden, backend } = await runTrainer(folder, work.signal, (message) => {
    Object.assign(work.progress, { epoch: message.epoch, loss: message.loss });
    const { checkpoint } = message;
    if (checkpoint) uploads = uploads.then(() => upload(work, checkpoint, message.epoch, attempt));
  });
  await uploads;
  const final = decodeCheckpoint(await readFile(path.join(folder, TASK_FILES.final)), sizesOf(task));
  const heldOut = new Float32Array(
    new Uint8Array(await readFile(path.join(folder, TASK_FILES.heldOut))).buffer,
  );
  const networks = Array.from({ length: task.seeds.length - task.folds }, (_, member) => member);
  const { system, span, synthetic } = work.config;
  const files = assembleModelFolder(
    training,
    {
      network: networkOf(shapeOf(task), final.parameters, networks),
      seeds: task.seeds.slice(0, networks.length),
      backend,
      heldOut,
      golden,
    },
    { system, from: span.from, to: span.to, hours: task.rows, synthetic },
  );
  // A folder that does not give the trainer's own answer must never get into the cache.
  parseModelFiles(files);
  return files;
}

/** A checkpoint that cannot be stored costs time after a crash, and nothing else: training goes on. */
async function upload(work: Work, file: string, epoch: number, attempt: number): Promise<void> {
  try {
    work.progress.checkpoint = await work.checkpoints.save(file, epoch, attempt, work.signal);
  } catch (error) {
    Context.current().log.warn('checkpoint was not stored', { epoch, reason: messageOf(error) });
  } finally {
    await rm(file, { force: true });
  }
}

async function writeModelFolder(
  { deps, config, backend }: Work,
  frame: ArtifactRef,
  files: Record<string, Uint8Array>,
  seconds: number,
): Promise<ArtifactRef> {
  const producer = producerOf('train', deps.codeVersion);
  const common = {
    schemaVersion: MODEL_FOLDER_SCHEMA_VERSION,
    inputs: [frame],
    parameters: { ...config, ...HYPER_PARAMETERS, backend },
    facts: { seconds },
    synthetic: config.synthetic,
  };
  const written = await Promise.all(
    Object.entries(files).map(
      async ([name, content]) =>
        [name, await deps.artifacts.write(producer, { name, content, ...common })] as const,
    ),
  );
  const listing: ModelFolder = {
    schemaVersion: MODEL_FOLDER_SCHEMA_VERSION,
    files: Object.fromEntries(written),
  };
  return deps.artifacts.write(producer, {
    name: 'files.json',
    content: new TextEncoder().encode(JSON.stringify(listing, null, 2)),
    contentType: 'application/json',
    ...common,
  });
}
