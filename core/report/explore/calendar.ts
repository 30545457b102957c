import { monthsOf } from '../../../contracts/calendar.ts';
import type { MonthSummary } from './explore-data.ts';

/** Every month from the first to the last, so that one that is missing leaves a gap and not a jump. */
export function calendarOf(months: readonly MonthSummary[]): string[] {
  return monthsOf({ from: months[0]!.month, to: months.at(-1)!.month });
}

/** A value for each of them. */
export function byCalendar(
  months: readonly MonthSummary[],
  pick: (month: MonthSummary) => number | null,
): (number | null)[] {
  const byMonth = new Map(months.map((each) => [each.month, pick(each)]));
  return calendarOf(months).map((month) => byMonth.get(month) ?? null);
}

/** Hours of the day as labels. */
export const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour));
