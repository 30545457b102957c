/** Activity `runTrials`: runs the trials of one chunk in one trainer process, and stores each score at once. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Context } from '@temporalio/activity';
import { messageOf } from '../../contracts/errors.ts';
import { decodeCheckpoint } from '../../core/training/checkpoint.ts';
import { headsOf } from '../../core/training/heads.ts';
import { heldOutRmse } from '../../core/training/held-out-rmse.ts';
import { inParallel } from '../../contracts/in-parallel.ts';
import { whileHeartbeating } from '../common/heartbeat.ts';
import { withTempDir } from '../common/temp-dir.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { readSearch, type LoadRows, type SearchRows } from './search-files.ts';
import { crashOf, repeatedCrash } from './trainer-crash.ts';
import { converse } from './trainer-process.ts';
import { sizesOf, writeTrainingData } from './training-task.ts';
import { TRIALS_FILE, trialFiles, type TrialMessage, type TrialTask } from './trials-protocol.ts';
import { TrialStore } from './trial-store.ts';
import type { SearchActivities, SearchPlan, TrialsHeartbeat } from '../../contracts/activities/search.ts';

/** Sets the time between heartbeats, well below the heartbeat timeout. */
const HEARTBEAT_MS = 1_000;

/** Limits the small S3 objects at once. */
const WIDTH = 8;

interface Chunk {
  readonly plan: SearchPlan;
  readonly store: TrialStore;
  readonly rows: SearchRows;
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** Holds the heartbeat details, which change as the trainer reports. */
type Progress = { -readonly [K in keyof TrialsHeartbeat]: TrialsHeartbeat[K] };

export function createRunTrials(
  deps: ActivityDependencies,
  loadRows: LoadRows,
): SearchActivities['runTrials'] {
  return async ({ state: ref, chunk }) => {
    const context = Context.current();
    const progress: Progress = { trial: -1, epoch: 0, epochs: 0, loss: 0, done: 0, total: 0 };
    const details = () => ({ ...progress }) satisfies TrialsHeartbeat;
    const trainChunk = async () => {
      const { plan, state, rung } = await readSearch(deps, ref);
      const trials = state.chunks[chunk]!;
      const store = new TrialStore(deps.artifacts.objects, plan, rung);
      const scores = await inParallel(trials, WIDTH, (trial) => store.find(trial));
      const missing = trials.filter((_, i) => scores[i] === undefined);
      const found = trials.length - missing.length;
      if (missing.length === 0) return { trained: 0, found, seconds: 0, cached: true };
      Object.assign(progress, { trial: missing[0], done: found, total: trials.length });
      const rows = await loadRows(plan);
      const seconds = await withTempDir(async (folder) => {
        const signal = context.cancellationSignal;
        return trainMissing({ plan, store, rows, folder, signal, progress }, missing);
      });
      return { trained: missing.length, found, seconds, cached: false };
    };
    return whileHeartbeating(context, details, trainChunk, HEARTBEAT_MS);
  };
}

/** Trains the missing trials. Returns the seconds of the trainer process, from spawn to exit. */
async function trainMissing(chunk: Chunk, trials: readonly number[]): Promise<number> {
  const { plan, store, rows, folder, signal, progress } = chunk;
  const tasks = trials.map((trial) => taskOf(plan, rows, trial, store.stopAfter(trial)));
  const { x, y } = rows.training;
  await Promise.all([
    writeFile(path.join(folder, TRIALS_FILE), JSON.stringify(tasks)),
    writeTrainingData(folder, { x, y, masks: rows.masks }),
    inParallel(tasks, WIDTH, (task) => fetchCheckpoint(chunk, task)),
  ]);
  const kept: Promise<void>[] = [];
  const { log } = Context.current();
  const started = performance.now();
  try {
    await converse(['trials', folder], signal, (message) => {
      if (message.type === 'trialEpoch') {
        const { trial, epoch, epochs, loss } = message;
        Object.assign(progress, { trial, epoch, epochs, loss });
        const place = `trial ${trial} (${trials.indexOf(trial) + 1} of ${trials.length})`;
        log.info(`${place}: epoch ${epoch} of ${epochs}, train loss ${loss.toFixed(4)}`);
      } else if (message.type === 'trialDone') {
        // The next trial runs now, so a later crash belongs to it.
        const next = trials[trials.indexOf(message.trial) + 1];
        if (next !== undefined) Object.assign(progress, { trial: next, epoch: 0 });
        const keeping = keep(chunk, message);
        keeping.catch(() => undefined);
        kept.push(keeping);
      }
    });
  } catch (error) {
    throw await judged(chunk, error);
  } finally {
    // Scores are stored even after an error, so that a retry skips these trials.
    await Promise.allSettled(kept);
  }
  const seconds = Math.round(performance.now() - started) / 1000;
  await Promise.all(kept);
  return seconds;
}

/** Returns the task of a trial: one network per fold, with equal seeds in every trial, so that luck favours no trial. */
function taskOf(plan: SearchPlan, { training }: SearchRows, trial: number, stopAfter: number): TrialTask {
  const { hidden, epochs, batch, learningRate, weightDecay, loss } = plan.trials[trial]!;
  const { seed } = plan.config;
  return {
    trial,
    task: {
      ...{ hidden, epochs, stopAfter, batch, learningRate, weightDecay, loss },
      backend: plan.backend,
      rows: training.inputs.length,
      features: training.set.features.length,
      members: Array.from({ length: plan.folds }, (_, fold) => ({ seed: seed + fold, mask: fold })),
      masks: plan.folds,
      goldenRow: training.goldenRow,
      checkpointSeconds: 0,
    },
  };
}

/** Downloads the checkpoint of the previous rung. Without it the trial trains from the start, with the same result. */
async function fetchCheckpoint({ store, folder }: Chunk, { trial, task }: TrialTask): Promise<void> {
  const file = path.join(folder, trialFiles(trial).resume);
  const checkpoints = store.checkpoints(trial);
  for (const { uri, epoch } of await checkpoints.newestFirst(null)) {
    if (epoch > store.stopAfter(trial)) continue;
    try {
      if (!(await checkpoints.fetch(uri, file))) continue;
      decodeCheckpoint(await readFile(file), sizesOf(task));
      return;
    } catch (error) {
      await rm(file, { force: true });
      Context.current().log.warn('checkpoint cannot be used', { checkpoint: uri, reason: messageOf(error) });
    }
  }
}

/** Stores checkpoint and score of a trial. The score comes last, so that every scored trial has its checkpoint. */
async function keep(
  { plan, store, rows, folder }: Chunk,
  { trial, failure, seconds }: Extract<TrialMessage, { type: 'trialDone' }>,
): Promise<void> {
  const { info, log } = Context.current();
  if (failure !== null) log.warn(`trial ${trial} failed after ${seconds.toFixed(1)} s: ${failure}`);
  if (failure !== null) return store.save({ trial, rmse: null, reason: failure, seconds });
  const files = trialFiles(trial);
  const heldOut = new Float32Array(new Uint8Array(await readFile(path.join(folder, files.heldOut))).buffer);
  const rmse = heldOutRmse(rows.training, headsOf(plan.trials[trial]!.loss), rows.masks, heldOut);
  log.info(`trial ${trial}: RMSE ${rmse.toFixed(1)} on hidden weeks, ${seconds.toFixed(1)} s`);
  const checkpoints = store.checkpoints(trial);
  await checkpoints.save(path.join(folder, files.final), store.stopAfter(trial), info.attempt);
  if (info.attempt > 1) await checkpoints.forgetCrash();
  await store.save(
    Number.isFinite(rmse)
      ? { trial, rmse, seconds }
      : { trial, rmse: null, reason: 'it predicts no numbers', seconds },
  );
  await Promise.all([files.heldOut, files.final].map((name) => rm(path.join(folder, name), { force: true })));
}

/** Returns the error to throw. A second equal crash in the same trial is not retried. */
async function judged({ store, progress }: Chunk, error: unknown): Promise<unknown> {
  const crash = crashOf(error, progress.epoch);
  if (!crash) return error;
  const checkpoints = store.checkpoints(progress.trial);
  const before = await checkpoints.lastCrash();
  if (before?.how === crash.how) {
    await checkpoints.forgetCrash();
    return repeatedCrash(crash, error);
  }
  await checkpoints.rememberCrash(crash);
  return error;
}
