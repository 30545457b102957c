/** Where the log of a step lies: one small text object an attempt, beside the artifacts of its workflow. */
export interface StepLogKey {
  readonly workflowId: string;
  readonly runId: string;
  readonly activityId: string;
}

/** `s3://{artifacts bucket}/{workflow id}/logs/{run id}/{activity id}-{attempt}.log`; without `attempt` the prefix of them all. */
export function stepLogUri(bucket: string, key: StepLogKey, attempt?: number): string {
  const prefix = `s3://${bucket}/${key.workflowId}/logs/${key.runId}/${key.activityId}-`;
  return attempt === undefined ? prefix : `${prefix}${attempt}.log`;
}
