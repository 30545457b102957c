/** Defines the protocol of the training activity and its trainer process: a folder of files, and messages over IPC. */
import type { ErrorCode } from '../../contracts/errors.ts';
import type { LossName } from '../../contracts/hyper-parameters.ts';
import type { EnsembleMember } from '../../core/training/ensemble.ts';

export type BackendChoice = 'auto' | 'native' | 'wasm' | 'cpu';
export type BackendName = Exclude<BackendChoice, 'auto'>;

/** Names the files of a task's folder. Numbers are little endian, row by row. */
export const TASK_FILES = {
  /** JSON of `TrainingTask`. */
  task: 'task.json',
  /** float32 [rows, features] */
  x: 'x.f32',
  /** float32 [rows] */
  y: 'y.f32',
  /** uint8 [masks, rows]: 1 hides the row from the members of that mask. */
  masks: 'masks.u8',
  /** Optional: the checkpoint to resume from. */
  resume: 'resume.ckpt',
  /** Output: the last checkpoint, with the final weights. */
  final: 'final.ckpt',
  /** Output: float32 [masks, rows, heads], the mean over a mask's members. NaN for rows that the mask does not hide. */
  heldOut: 'held-out.f32',
} as const;

/** Holds the rows for the network (core/training/training-set.ts), and the masks that hide rows from members. */
export interface TrainingData {
  /** [rows, features] */
  readonly x: Float32Array;
  /** [rows] */
  readonly y: Float32Array;
  /** [masks, rows] */
  readonly masks: Uint8Array;
}

export interface TrainingTask {
  readonly backend: BackendChoice;
  readonly rows: number;
  readonly features: number;
  readonly loss: LossName;
  readonly hidden: number;
  readonly members: readonly EnsembleMember[];
  readonly masks: number;
  readonly epochs: number;
  /** Epochs before an early stop; the schedule still has `epochs`. A later task may resume from the last checkpoint. */
  readonly stopAfter?: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly goldenRow: number;
  /** Minimum seconds between two checkpoints. 0 writes one per epoch. */
  readonly checkpointSeconds: number;
}

export type TrainerMessage =
  | { readonly type: 'backend'; readonly backend: BackendName; readonly tfjs: string }
  /** `checkpoint` names a file in the task's folder if one was written after this epoch. */
  | {
      readonly type: 'epoch';
      readonly epoch: number;
      readonly epochs: number;
      /** End of the epoch, in epoch milliseconds. */
      readonly at: number;
      readonly loss: number;
      /** Loss on hidden weeks. Null if the span is too short to hide any. */
      readonly heldOutLoss: number | null;
      /** At the first step of the epoch. */
      readonly learningRate: number;
      readonly seconds: number;
      /** Processor time of the trainer since its start, in milliseconds. */
      readonly cpuMs: number;
      readonly memoryBytes: number;
      readonly checkpoint: string | null;
    }
  /** `golden` has the heads of the golden row, averaged over the members that see all rows. Empty without such members. */
  | { readonly type: 'done'; readonly golden: readonly number[] }
  | { readonly type: 'failed'; readonly code: ErrorCode; readonly message: string };
