/** Answer of the query `progress`, which every workflow of ours has. */
export type StepState = 'pending' | 'running' | 'done' | 'cached' | 'failed' | 'skipped';

export interface StepProgress {
  readonly name: string;
  readonly state: StepState;
  /** Epoch milliseconds of workflow time. */
  readonly startedAt?: number;
  readonly finishedAt?: number;
  /** Items of a fan-out: months done of all. */
  readonly done?: number;
  readonly total?: number;
  readonly detail?: string;
  /** Id of the child workflow that does this step; ask it for more. */
  readonly workflowId?: string;
}

export interface Progress {
  /** The step that runs now, dotted through children: `training.train`; `done` at the end. */
  readonly stage: string;
  /** 0..100, by steps. */
  readonly percent: number;
  readonly steps: readonly StepProgress[];
}

/** Heartbeat details of the training activity, also what a retry resumes from. */
export interface TrainingHeartbeat {
  readonly epoch: number;
  readonly epochs: number;
  readonly loss: number;
  /** URI of the newest checkpoint; null before the first. */
  readonly checkpoint: string | null;
}
