import { workflowInfo } from '@temporalio/workflow';
import { addDays, addMonths, daysOf, epochDayOf, monthInNewYork, weekdayOf } from '../contracts/calendar.ts';
import type { MonthSpan } from '../contracts/months.ts';

const SUNDAY = 6;

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
  const firstSunday = addDays(firstDay, SUNDAY - weekdayOf(epochDayOf(firstDay)));
  const lastSunday = addDays(lastDay, -((weekdayOf(epochDayOf(lastDay)) + 1) % 7));
  return { from: addDays(firstSunday, -6), to: lastSunday };
}
