/** Extends trainer-protocol.ts for `runTrials`, with many small trainings over the same rows. */
import type { TrainingTask } from './trainer-protocol.ts';

/** Names the JSON file of `TrialTask[]`, in the folder with the rows (TASK_FILES). */
export const TRIALS_FILE = 'trials.json';

export interface TrialTask {
  readonly trial: number;
  readonly task: TrainingTask;
}

/** Returns the file names of one trial. */
export const trialFiles = (trial: number) =>
  ({
    /** Optional: the checkpoint of an earlier rung to resume from. */
    resume: `trial-${trial}-resume.ckpt`,
    /** Output: the checkpoint after the task's last epoch. */
    final: `trial-${trial}.ckpt`,
    /** Output: float32 [masks, rows, heads]. */
    heldOut: `trial-${trial}.held-out.f32`,
  }) as const;

export type TrialMessage =
  | {
      readonly type: 'trialEpoch';
      readonly trial: number;
      readonly epoch: number;
      readonly epochs: number;
      readonly loss: number;
    }
  | {
      readonly type: 'trialDone';
      readonly trial: number;
      /** Reason of a permanent failure. It is null if the trial succeeded. */
      readonly failure: string | null;
      readonly seconds: number;
    };
