import { workflowInfo } from '@temporalio/workflow';
import { addMonths, type MonthSpan } from '../contracts/months.ts';

/**
 * The month before the scheduled time, in New York, for a run started by a schedule; undefined for any other. From
 * `TemporalScheduledStartTime`, never from the clock, so that a backfilled or late run checks the month it was meant for.
 */
export function scheduledMonth(): MonthSpan | undefined {
  // The typed collection has no key for Temporal's own attributes that a schedule sets.
  const attributes = workflowInfo().searchAttributes as Record<string, readonly unknown[] | undefined>;
  const scheduledAt = attributes['TemporalScheduledStartTime']?.[0];
  if (!(scheduledAt instanceof Date)) return undefined;
  const month = addMonths(monthInNewYork(scheduledAt), -1);
  return { from: month, to: month };
}

export function monthInNewYork(instant: Date): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: 'America/New_York',
    year: 'numeric',
    month: '2-digit',
  }).formatToParts(instant);
  const part = (type: string) => parts.find((candidate) => candidate.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}`;
}
