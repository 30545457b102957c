/** Identifies the log of a step: one small text object per attempt, with the artifacts of its workflow. */
export interface StepLogKey {
  readonly workflowId: string;
  readonly runId: string;
  readonly activityId: string;
}

/**
 * Returns `s3://{artifacts bucket}/{workflow id}/logs/{run id}/{activity id}-{attempt}.log`. Without `attempt`, returns the
 * prefix of all attempts.
 */
export function stepLogUri(bucket: string, key: StepLogKey, attempt?: number): string {
  const prefix = `s3://${bucket}/${key.workflowId}/logs/${key.runId}/${key.activityId}-`;
  return attempt === undefined ? prefix : `${prefix}${attempt}.log`;
}
