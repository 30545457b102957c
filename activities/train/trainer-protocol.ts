/** What the training activity and its trainer process say to each other: a folder of files, and messages over IPC. */
import type { ErrorCode } from '../../contracts/errors.ts';

export type BackendChoice = 'auto' | 'native' | 'wasm' | 'cpu';
export type BackendName = Exclude<BackendChoice, 'auto'>;

/** Fixed by what was found to work (a search would cost more than it gains); a change needs a new TRAIN_STAGE_VERSION. */
export const HYPER_PARAMETERS = {
  hidden: 64,
  /** Networks whose average predicts. */
  networks: 5,
  epochs: 25,
  batch: 64,
  /** Adam's, at the start of a cosine decay to 0. */
  learningRate: 1e-3,
} as const;

/** Names in the task's folder. Numbers are little endian, row by row. */
export const TASK_FILES = {
  /** JSON of `TrainingTask`. */
  task: 'task.json',
  /** float32 [rows, features] */
  x: 'x.f32',
  /** float32 [rows] */
  y: 'y.f32',
  /** uint8 [rows], the fold that holds the row out. */
  fold: 'fold.u8',
  /** Optional: the checkpoint to go on from. */
  resume: 'resume.ckpt',
  /** Left by the trainer: the last checkpoint, with the final weights. */
  final: 'final.ckpt',
  /** Left by the trainer: float32 [rows, heads], by the member that did not see the row's week. */
  heldOut: 'held-out.f32',
} as const;

export interface TrainingTask {
  readonly backend: BackendChoice;
  readonly rows: number;
  readonly features: number;
  readonly quantiles: readonly number[];
  readonly hidden: number;
  /** One a member: first the networks that see all rows, then one for each fold. */
  readonly seeds: readonly number[];
  readonly folds: number;
  readonly epochs: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly goldenRow: number;
  /** Least seconds between two checkpoints; 0: one each epoch. */
  readonly checkpointSeconds: number;
}

export type TrainerMessage =
  | { readonly type: 'backend'; readonly backend: BackendName }
  /** `checkpoint` is a file in the task's folder when one was written after this epoch. */
  | {
      readonly type: 'epoch';
      readonly epoch: number;
      readonly epochs: number;
      readonly loss: number;
      readonly checkpoint: string | null;
    }
  /** `golden`: heads of the golden row, averaged over the networks. */
  | { readonly type: 'done'; readonly golden: readonly number[] }
  | { readonly type: 'failed'; readonly code: ErrorCode; readonly message: string };
