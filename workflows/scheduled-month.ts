import { workflowInfo } from '@temporalio/workflow';
import { addMonths, daysOf, type MonthSpan } from '../contracts/months.ts';

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

/** First and last day of a span of whole ISO weeks, `YYYY-MM-DD`. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

/**
 * The ISO weeks that end in a month, Monday to Sunday: each week belongs to one month and is whole. `2025-01` is 2024-12-30 to
 * 2025-01-26.
 */
export function weeksEndingIn(month: string): Days {
  const { firstDay, lastDay } = daysOf({ from: month, to: month });
  // 0 is Sunday, the last day of an ISO week.
  const firstSunday = addDays(firstDay, (7 - weekday(firstDay)) % 7);
  const lastSunday = addDays(lastDay, -weekday(lastDay));
  return { from: addDays(firstSunday, -6), to: lastSunday };
}

function weekday(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay();
}

function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10);
}
