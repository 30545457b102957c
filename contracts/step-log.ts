/** Names the logs of steps: text objects of limited size, which together are the log of one attempt. */
export interface StepLogRun {
  readonly workflowId: string;
  readonly runId: string;
}

export interface StepLogKey extends StepLogRun {
  readonly activityId: string;
}

/** Represents one object of an attempt's log. `part` counts from 0. */
export interface StepLogPart {
  readonly activityId: string;
  readonly attempt: number;
  readonly part: number;
}

/** Returns `s3://{artifacts bucket}/{workflow id}/logs/{run id}/`. */
export function runLogsPrefix(bucket: string, { workflowId, runId }: StepLogRun): string {
  return `s3://${bucket}/${workflowId}/logs/${runId}/`;
}

/**
 * Returns `{prefix of the run}{activity id}-{attempt}.log`, or `{activity id}-{attempt}.{part}.log` for later parts. Without
 * `attempt`, returns the prefix of all attempts.
 */
export function stepLogUri(bucket: string, key: StepLogKey, attempt?: number, part = 0): string {
  const prefix = `${runLogsPrefix(bucket, key)}${key.activityId}-`;
  return attempt === undefined ? prefix : `${prefix}${attempt}${part === 0 ? '' : `.${part}`}.log`;
}

/** Returns what an object of a run's logs is. Returns undefined for any other object. */
export function stepLogPartOf(uri: string): StepLogPart | undefined {
  const [, activityId, attempt, part = '0'] = /\/([^/]+)-(\d+)(?:\.(\d+))?\.log$/.exec(uri) ?? [];
  if (activityId === undefined || attempt === undefined) return undefined;
  return { activityId, attempt: Number(attempt), part: Number(part) };
}

const LINE_TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z/;

/** Returns the time with which a line of a log begins; undefined for a line that continues the one before. */
export function timeOfLine(line: string): string | undefined {
  return LINE_TIME.exec(line)?.[0];
}
