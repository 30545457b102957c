/** What `runTrials` and its trainer process say to each other, beside trainer-protocol.ts: many small trainings over the same rows. */
import type { TrainingTask } from './trainer-protocol.ts';

/** JSON of `TrialTask[]`, beside the files of the rows (TASK_FILES). */
export const TRIALS_FILE = 'trials.json';

export interface TrialTask {
  readonly trial: number;
  readonly task: TrainingTask;
}

/** Names in the folder of one trial. */
export const trialFiles = (trial: number) =>
  ({
    /** Optional: the checkpoint of an earlier rung, to go on from. */
    resume: `trial-${trial}-resume.ckpt`,
    /** Left by the trainer: the checkpoint after the task's last epoch. */
    final: `trial-${trial}.ckpt`,
    /** Left by the trainer: float32 [masks, rows, heads]. */
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
      /** Why its training failed for good; null when its files are there. */
      readonly failure: string | null;
      readonly seconds: number;
    };
