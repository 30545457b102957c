/** ISO 8601 weeks: Monday to Sunday, week 1 holds the year's first Thursday. */
import { dateOfEpochDay, epochDayOf, isoWeekOf, weekdayOf } from '../features/calendar.ts';

export interface WeekRows {
  /** `2025-W01` */
  readonly week: string;
  /** First and last date present, `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
  /** Row indices in their order. */
  readonly rows: readonly number[];
}

/** `weekLabelOf('2024-12-30')` is `'2025-W01'`. @throws CitibikeError INVALID_INPUT for what is not a date. */
export function weekLabelOf(date: string): string {
  const day = epochDayOf(date);
  const thursday = day - weekdayOf(day) + 3;
  return `${dateOfEpochDay(thursday).slice(0, 4)}-W${String(isoWeekOf(day)).padStart(2, '0')}`;
}

/** Rows by the ISO week of their date (`YYYY-MM-DD`, anything may follow), weeks ascending; a week at either end holds the days that there are. */
export function splitByWeek(dates: readonly string[]): WeekRows[] {
  const weeks = new Map<string, { from: string; to: string; rows: number[] }>();
  // A day's 24 hours share one computation.
  const weekOfDay = new Map<string, string>();
  for (let row = 0; row < dates.length; row++) {
    const date = dates[row]!.slice(0, 10);
    const week = weekOfDay.get(date) ?? weekLabelOf(date);
    weekOfDay.set(date, week);
    const group = weeks.get(week);
    if (!group) {
      weeks.set(week, { from: date, to: date, rows: [row] });
      continue;
    }
    group.rows.push(row);
    if (date < group.from) group.from = date;
    if (date > group.to) group.to = date;
  }
  return [...weeks].map(([week, group]) => ({ week, ...group })).sort((a, b) => (a.week < b.week ? -1 : 1));
}
