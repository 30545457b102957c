/** Groups rows of a table by ISO week. */
import { weekLabelOf } from '../../contracts/calendar.ts';

export interface WeekRows {
  /** ISO week, such as `2025-W01`. */
  readonly week: string;
  /** First and last date with rows, `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
  /** Row indices in order. */
  readonly rows: readonly number[];
}

/**
 * Groups rows by the ISO week of their date, in ascending order of weeks. The first and last week may be incomplete.
 * @param dates one date per row, beginning with `YYYY-MM-DD`.
 */
export function rowsByWeek(dates: readonly string[]): WeekRows[] {
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
