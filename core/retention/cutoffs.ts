/** Computes from the limits until when an object of each kind must have been written to be old. */
import { DAY_MS } from '../../contracts/calendar.ts';
import type { RetentionCutoffs } from '../../contracts/activities/retention.ts';
import type { RetentionInput } from '../../contracts/workflows/retention.ts';

export type RetentionLimits = Omit<RetentionInput, 'dryRun'>;

/**
 * Returns the cutoffs.
 * @param oldestOpenStart start of the oldest open run. What was written since then may be its work, so it stays.
 */
export function cutoffsOf(
  { artifactDays, reportDays, stepLogDays }: RetentionLimits,
  now: Date,
  oldestOpenStart: Date | undefined,
): RetentionCutoffs {
  const daysAgo = (days: number): string => {
    const time = now.getTime() - days * DAY_MS;
    return new Date(Math.min(time, oldestOpenStart?.getTime() ?? time)).toISOString();
  };
  const artifact = daysAgo(artifactDays);
  return {
    artifact,
    checkpoint: artifact,
    'cache-entry': artifact,
    report: daysAgo(reportDays),
    'step-log': daysAgo(stepLogDays),
  };
}
