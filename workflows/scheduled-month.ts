import { workflowInfo } from '@temporalio/workflow';
import { addDays, addMonths, daysOf, epochDayOf, weekdayOf } from '../contracts/calendar.ts';
import type { MonthSpan } from '../contracts/months.ts';
import type { Place } from '../contracts/systems.ts';
import { zoneClock } from '../contracts/zone-clock.ts';

const SUNDAY = 6;

/** Returns the time for which a schedule started the run. Returns undefined for other runs. */
export function scheduledTime(): Date | undefined {
  // The typed collection has no key for Temporal's attributes of schedules.
  const attributes = workflowInfo().searchAttributes as Record<string, readonly unknown[] | undefined>;
  const scheduledAt = attributes['TemporalScheduledStartTime']?.[0];
  return scheduledAt instanceof Date ? scheduledAt : undefined;
}

/**
 * Returns the month before the scheduled time at a place for a scheduled run, otherwise undefined. It uses
 * `TemporalScheduledStartTime`, not the clock, so that a backfilled or late run checks its intended month.
 */
export function scheduledMonth({ timeZone }: Pick<Place, 'timeZone'>): MonthSpan | undefined {
  const scheduledAt = scheduledTime();
  if (!scheduledAt) return undefined;
  const month = addMonths(zoneClock(timeZone).monthAt(scheduledAt), -1);
  return { from: month, to: month };
}

/** Represents the first and last day of whole ISO weeks, `YYYY-MM-DD`. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

/**
 * Returns the ISO weeks, Monday to Sunday, that end in a month, so that each week belongs to one month. `2025-01` is 2024-12-30
 * to 2025-01-26.
 */
export function weeksEndingIn(month: string): Days {
  const { firstDay, lastDay } = daysOf({ from: month, to: month });
  const firstSunday = addDays(firstDay, SUNDAY - weekdayOf(epochDayOf(firstDay)));
  const lastSunday = addDays(lastDay, -((weekdayOf(epochDayOf(lastDay)) + 1) % 7));
  return { from: addDays(firstSunday, -6), to: lastSunday };
}
