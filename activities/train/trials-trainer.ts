/** Trains the trials of a search one after the other, each with its own files and message. `trainer.ts` calls it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CitibikeError } from '../../contracts/errors.ts';
import { encodeCheckpoint } from '../../core/training/checkpoint.ts';
import type { TensorFlow } from './tensorflow.ts';
import { trainEnsemble } from './train-ensemble.ts';
import { readResume, readTrainingData, writeWhole } from './trainer-files.ts';
import type { TrainingData } from './trainer-protocol.ts';
import { TRIALS_FILE, trialFiles, type TrialMessage, type TrialTask } from './trials-protocol.ts';

export function readTrialTasks(folder: string): TrialTask[] {
  return JSON.parse(readFileSync(path.join(folder, TRIALS_FILE), 'utf8')) as TrialTask[];
}

/** Trains the trials. A trial with an exploding loss fails alone, and the others continue. */
export async function trainTrials(
  tf: TensorFlow,
  folder: string,
  trials: readonly TrialTask[],
  send: (message: TrialMessage) => Promise<void>,
): Promise<void> {
  const data = readTrainingData(folder);
  for (const trial of trials) {
    const started = performance.now();
    const failure = await trainTrial(tf, folder, trial, data, send);
    await send({
      type: 'trialDone',
      trial: trial.trial,
      failure,
      seconds: Math.round(performance.now() - started) / 1000,
    });
  }
}

/** Trains one trial. Returns the reason of a failure, or null. */
async function trainTrial(
  tf: TensorFlow,
  folder: string,
  { trial, task }: TrialTask,
  data: TrainingData,
  send: (message: TrialMessage) => Promise<void>,
): Promise<string | null> {
  const files = trialFiles(trial);
  const file = (name: string) => path.join(folder, name);
  const epochs = task.stopAfter ?? task.epochs;
  try {
    const resume = readResume(file(files.resume), task);
    const { final, heldOut } = await trainEnsemble(tf, task, data, resume, ({ epoch, loss }) => {
      globalThis.gc?.();
      void send({ type: 'trialEpoch', trial, epoch, epochs, loss });
    });
    writeWhole(file(files.final), encodeCheckpoint(final));
    writeWhole(file(files.heldOut), new Uint8Array(heldOut.buffer));
    return null;
  } catch (error) {
    if (error instanceof CitibikeError && error.code === 'TRAINING_FAILED') return error.message;
    throw error;
  }
}
