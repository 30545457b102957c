import { monthsOf } from '../../../contracts/calendar.ts';
import type { MonthSummary } from './explore-data.ts';

/** Returns every month from the first to the last, so that a missing month leaves a gap in a chart. */
export function calendarOf(months: readonly MonthSummary[]): string[] {
  return monthsOf({ from: months[0]!.month, to: months.at(-1)!.month });
}

/** Returns a value for each month of the calendar. */
export function byCalendar(
  months: readonly MonthSummary[],
  pick: (month: MonthSummary) => number | null,
): (number | null)[] {
  const byMonth = new Map(months.map((each) => [each.month, pick(each)]));
  return calendarOf(months).map((month) => byMonth.get(month) ?? null);
}

/** Labels the hours of the day. */
export const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour));
