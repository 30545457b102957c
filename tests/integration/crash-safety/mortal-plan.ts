/** Defines when a mortal worker dies. */
export type Death =
  | { readonly moment: 'before' | 'after effect'; readonly activity: string }
  /** 1-based count of the worker's own writes to S3. */
  | { readonly moment: 'after write'; readonly write: number };

export interface MortalPlan {
  readonly taskQueue: string;
  readonly buckets: { readonly artifacts: string; readonly mlflow: string; readonly data: string };
  /** Path of the workflow bundle. */
  readonly workflowBundle: string;
  readonly death?: Death;
}
