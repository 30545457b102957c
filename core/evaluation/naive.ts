/** Computes naive forecasts as a baseline for models. */
import type { FrameRow } from '../../contracts/frame.ts';
import { dateOfEpochDay, epochDayOf, monthOf, weekdayOf } from '../../contracts/calendar.ts';

type Hour = Pick<FrameRow, 'date' | 'hour'>;
type CountedHour = Pick<FrameRow, 'date' | 'hour' | 'trips'>;

/** Groupings from the finest to the coarsest. The first one with training rows gives the forecast. */
const LEVELS: readonly ((row: Hour) => string)[] = [
  ({ date, hour }) => `${hour} ${weekdayOf(epochDayOf(date))} ${monthOf(epochDayOf(date))}`,
  ({ date, hour }) => `${hour} ${weekdayOf(epochDayOf(date))}`,
  ({ hour }) => `${hour}`,
  () => '',
];

/**
 * Returns the mean of the training rows by hour, weekday and month. A cell without training rows falls back to hour and weekday, then
 * hour, then the mean of all rows.
 */
export function meanByCalendar(train: readonly CountedHour[], test: readonly Hour[]): number[] {
  const tables = LEVELS.map((keyOf) => {
    const sums = new Map<string, { sum: number; rows: number }>();
    for (const row of train) {
      const key = keyOf(row);
      const cell = sums.get(key) ?? { sum: 0, rows: 0 };
      sums.set(key, { sum: cell.sum + row.trips, rows: cell.rows + 1 });
    }
    return sums;
  });
  return test.map((row) => {
    for (const [level, table] of tables.entries()) {
      const cell = table.get(LEVELS[level]!(row));
      if (cell) return cell.sum / cell.rows;
    }
    return 0;
  });
}

/**
 * Returns the trips of the same hour seven days before, from training and test rows, as they would be known a week ahead.
 * @returns undefined for an hour whose week before is missing.
 */
export function sameHourLastWeek(
  train: readonly CountedHour[],
  test: readonly CountedHour[],
): (number | undefined)[] {
  const trips = new Map([...train, ...test].map((row) => [`${row.date} ${row.hour}`, row.trips]));
  return test.map(({ date, hour }) => trips.get(`${dateOfEpochDay(epochDayOf(date) - 7)} ${hour}`));
}
