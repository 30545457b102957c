/** Activity `trainModel`: trains a model folder from a frame in a trainer process, which may die and resume. */
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { Context } from '@temporalio/activity';
import { readFrame } from '../../adapters/duckdb/frame-file.ts';
import { digestOf } from '../../adapters/s3/artifact-store.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { messageOf } from '../../contracts/errors.ts';
import type { TrainingHeartbeat } from '../../contracts/progress.ts';
import { checkMonths } from '../../core/training/check-frame.ts';
import { decodeCheckpoint } from '../../core/training/checkpoint.ts';
import { networkOf } from '../../core/training/ensemble.ts';
import { assembleModelFolder } from '../../core/training/assemble-model-folder.ts';
import { featureSetOf } from '../../core/features/feature-row.ts';
import { parseModelFiles } from '../../core/serving/serving-model.ts';
import { prepareTraining, type TrainingSet } from '../../core/training/training-set.ts';
import type { SystemFacts } from '../../contracts/systems.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';
import { endAbandonedRun } from '../register/training-run.ts';
import { whileRecording, type EpochReport } from '../register/while-recording.ts';
import { whileHeartbeating } from '../common/heartbeat.ts';
import { factsOf } from '../common/facts-of.ts';
import { placeKey } from '../common/place-key.ts';
import { CheckpointStore } from './checkpoint-store.ts';
import { epochLine } from './epoch-line.ts';
import { featuresKey } from './features-key.ts';
import { MODEL_FOLDER_SCHEMA_VERSION } from './read-model-folder.ts';
import { shapeOf } from './train-ensemble.ts';
import { crashOf, isSameCrash, repeatedCrash } from './trainer-crash.ts';
import { chooseBackend, runTrainer, type TrainerRun } from './trainer-process.ts';
import { TASK_FILES, type BackendName, type TrainingTask } from './trainer-protocol.ts';
import { sizesOf, taskOf, writeTask } from './training-task.ts';
import { workFolder } from './work-folder.ts';
import type {
  ModelFolder,
  ModelFolderFacts,
  TrainActivities,
  TrainedModel,
  TrainingConfig,
} from '../../contracts/activities/train.ts';

/** Grows with every code change that changes the model folder for the same input and the same names of features. */
const TRAIN_STAGE_VERSION = 4;

/** Sets the time between heartbeats, well below the heartbeat timeout and short enough for a progress bar. */
const HEARTBEAT_MS = 1_000;

interface Work {
  readonly deps: ActivityDependencies;
  readonly config: TrainingConfig;
  readonly facts: SystemFacts;
  readonly backend: BackendName;
  readonly checkpoints: CheckpointStore;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly onEpoch: (report: EpochReport) => void;
}

/** Holds the heartbeat details, which change as the trainer reports. */
type Progress = { -readonly [K in keyof TrainingHeartbeat]: TrainingHeartbeat[K] };

export function createTrainModel(deps: ActivityDependencies): TrainActivities['trainModel'] {
  // The backend that loads stays the same while a worker lives.
  let chosen: BackendName | undefined;

  return async (input) => {
    const { frame, config, cache, startedBy } = input;
    const facts = await factsOf(deps, { ...input, system: config.system });
    const context = Context.current();
    const before = context.info.heartbeatDetails as TrainingHeartbeat | undefined;
    const progress: Progress = {
      epoch: before?.epoch ?? 0,
      epochs: config.hyperParameters.epochs,
      loss: before?.loss ?? 0,
      checkpoint: before?.checkpoint ?? null,
    };
    const details = () => ({ ...progress }) satisfies TrainingHeartbeat;
    const findOrTrain = async (): Promise<TrainedModel> => {
      const signal = context.cancellationSignal;
      const backend = (chosen ??= await chooseBackend(deps.tfBackend, signal));
      const key = {
        frame: frame.sha256,
        config,
        backend,
        version: TRAIN_STAGE_VERSION,
        ...featuresKey(featureSetOf(config.featureSet, facts)),
        ...placeKey(facts),
      };
      const checkpoints = new CheckpointStore(deps.artifacts.objects, digestOf(key).slice(0, 32));
      const training = { config, frame, backend, startedBy };
      // Nobody registers the models of a backtest.
      const isRecorded = context.info.workflowType === 'training';
      const { value, cached } = await deps.artifacts.cached('train', key, cache, () => {
        const work = { deps, config, facts, backend, checkpoints, signal, progress };
        if (!isRecorded) return train({ ...work, onEpoch: () => undefined }, frame);
        return whileRecording(deps, training, signal, (onEpoch) => train({ ...work, onEpoch }, frame));
      });
      if (!cached) await checkpoints.clear();
      else if (isRecorded && context.info.attempt > 1) await endAbandonedRun(deps, training);
      return { ...value, cached };
    };
    return whileHeartbeating(context, details, findOrTrain, HEARTBEAT_MS);
  };
}

async function train(work: Work, frame: ArtifactRef): Promise<Omit<TrainedModel, 'cached'>> {
  const started = performance.now();
  const rows = await readFrame(work.deps.artifacts, frame);
  const { hyperParameters, featureSet, span, seed } = work.config;
  checkMonths(rows, span);
  const training = prepareTraining(rows, featureSet, { ...hyperParameters, place: work.facts });
  const folder = await workFolder(work.checkpoints.effectKey);
  try {
    const { task, data } = taskOf(training, hyperParameters, seed, work.backend);
    await writeTask(folder, task, data);
    await fetchCheckpoint(work, task, folder);
    const run = await trainInProcess(work, task, folder);
    const { files, epochTimes } = await filesOf(work, frame, task, training, folder, run);
    const seconds = Math.round((performance.now() - started) / 10) / 100;
    const model = await writeModelFolder(work, frame, files, { seconds, epochTimes });
    return { model, backend: work.backend, epochs: task.epochs, seconds };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Downloads the newest complete checkpoint to the task's folder, if any. */
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
  Object.assign(progress, { epoch: 0, loss: 0, checkpoint: null });
}

async function trainInProcess(work: Work, task: TrainingTask, folder: string): Promise<TrainerRun> {
  const { info, log } = Context.current();
  const networks = task.members.length;
  log.info('training begins', { networks, hours: task.rows, epochs: task.epochs, backend: task.backend });
  let uploads = Promise.resolve();
  try {
    return await runTrainer(folder, work.signal, (message) => {
      Object.assign(work.progress, { epoch: message.epoch, loss: message.loss });
      log.info(epochLine(message, networks));
      work.onEpoch(message);
      const { checkpoint } = message;
      if (checkpoint) uploads = uploads.then(() => upload(work, checkpoint, message.epoch, info.attempt));
    });
  } catch (error) {
    throw await judged(work, error);
  } finally {
    // The retry resumes from the checkpoints before a crash.
    await uploads;
  }
}

/** Returns the error to throw. A second equal crash at the same epoch is not retried. */
async function judged({ checkpoints, progress }: Work, error: unknown): Promise<unknown> {
  const crash = crashOf(error, progress.epoch);
  if (!crash) return error;
  const before = await checkpoints.lastCrash();
  if (before && isSameCrash(crash, before)) {
    await checkpoints.forgetCrash();
    return repeatedCrash(crash, error);
  }
  await checkpoints.rememberCrash(crash);
  return error;
}

async function filesOf(
  { deps, config, facts }: Work,
  frame: ArtifactRef,
  task: TrainingTask,
  training: TrainingSet,
  folder: string,
  { backend, tfjs, golden }: TrainerRun,
): Promise<{ files: Record<string, Uint8Array>; epochTimes: (number | null)[] }> {
  const final = decodeCheckpoint(await readFile(path.join(folder, TASK_FILES.final)), sizesOf(task));
  const heldOut = await readFile(path.join(folder, TASK_FILES.heldOut));
  const networks = task.members.flatMap(({ mask }, member) => (mask === null ? [member] : []));
  const { system, span, synthetic, seed, hyperParameters } = config;
  const files = assembleModelFolder(
    training,
    {
      network: networkOf(shapeOf(task), final.parameters, networks),
      seeds: task.members.map((member) => member.seed),
      heldOut: new Float32Array(new Uint8Array(heldOut).buffer),
      golden,
      history: final.history,
    },
    {
      normalHighs: facts.weather.normalHighs,
      trainedOn: { system, from: span.from, to: span.to, hours: task.rows, synthetic },
      backend,
      versions: { tfjs, node: process.versions.node, citibike: deps.codeVersion },
      seed,
      hyperParameters,
      frame: { sha256: frame.sha256, rows: task.rows },
    },
  );
  // A folder that does not reproduce the trainer's answer must never enter the cache.
  parseModelFiles(files);
  return { files, epochTimes: final.history.map(({ at }) => (Number.isNaN(at) ? null : at)) };
}

/** Uploads a checkpoint. A failed upload only costs time after a crash, so the training continues. */
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
  facts: ModelFolderFacts,
): Promise<ArtifactRef> {
  const producer = producerOf('train', deps.codeVersion);
  const common = {
    schemaVersion: MODEL_FOLDER_SCHEMA_VERSION,
    inputs: [frame],
    parameters: { ...config, backend },
    facts: { seconds: facts.seconds },
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
  return deps.artifacts.writeJson(producer, listing, { ...common, name: 'files.json', facts: { ...facts } });
}
