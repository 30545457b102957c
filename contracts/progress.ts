/** Defines the answer of the query `progress`, which every workflow supports. */
export type StepState = 'pending' | 'running' | 'done' | 'cached' | 'failed' | 'skipped';

export interface StepProgress {
  readonly name: string;
  readonly state: StepState;
  /** Epoch milliseconds of workflow time. */
  readonly startedAt?: number;
  readonly finishedAt?: number;
  /** Finished items of a fan-out, such as months. */
  readonly done?: number;
  readonly total?: number;
  readonly detail?: string;
  /** Id of the child workflow that runs this step. */
  readonly workflowId?: string;
}

export interface Progress {
  /** Current step, with dots for steps of children: `training.train`. `done` at the end. */
  readonly stage: string;
  /** 0..100, by finished steps. */
  readonly percent: number;
  readonly steps: readonly StepProgress[];
}

/** Represents the heartbeat details of the training activity. A retry resumes from them. */
export interface TrainingHeartbeat {
  readonly epoch: number;
  readonly epochs: number;
  readonly loss: number;
  /** URI of the newest checkpoint. It is null before the first. */
  readonly checkpoint: string | null;
}
