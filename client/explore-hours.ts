/** Reads hours for the exploratory report and sums repeated ones. */
import { monthsOf } from '../contracts/calendar.ts';
import { HourOrigins, hourKey, type RepeatedHour } from '../adapters/tables/hour-origins.ts';
import { readHourlyFile, type HourCount } from '../adapters/tables/hourly-files.ts';
import type { DeclaredColumn, TypedCell } from '../adapters/tables/typed-rows.ts';
import type { HourRow } from '../contracts/hours.ts';
import type { Place } from '../contracts/systems.ts';
import { type Month, type MonthSpan } from '../contracts/months.ts';

/** Holds the columns that month files have; files of processed hours lack them. */
const COUNTS = ['holiday', 'member', 'casual', 'electric', 'classic'] as const;
const MORE: readonly DeclaredColumn[] = [
  ...COUNTS.map((name) => ({ name, as: 'whole' as const, required: false })),
  { name: 'mean_minutes', as: 'number', required: false },
];

/** Represents a file of hours, and the months that are read from it. */
export interface HourFile {
  readonly file: string;
  readonly months: readonly Month[];
}

/**
 * Reads each (date, hour) of the span once, sorted. Repeated hours in processed files are summed.
 * @param place of the wall clock.
 * @param onRepeated receives the hours that have several rows.
 * @throws CitibikeError BAD_ARCHIVE naming file, row, column and value, or two files that overlap.
 */
export async function readExploreHours(
  files: readonly HourFile[],
  span: MonthSpan,
  place: Pick<Place, 'timeZone'>,
  onRepeated: (hours: readonly RepeatedHour[]) => void = () => undefined,
): Promise<HourRow[]> {
  const wanted = new Set(monthsOf(span));
  const named = files.map(({ file }) => ({ name: file, file }));
  const origins = new HourOrigins(named);
  const sums = new Map<string, HourSum>();
  for (const [index, { months }] of files.entries()) {
    const take = (hour: HourCount, cells: readonly TypedCell[]) => {
      const month = hour.date.slice(0, 7);
      if (!wanted.has(month) || !months.includes(month)) return;
      const key = hourKey(hour.date, hour.hour);
      sums.set(key, (sums.get(key) ?? new HourSum(hour.date, hour.hour)).add(hour.trips, cells));
      origins.add(key, index);
    };
    await readHourlyFile(named[index]!, MORE, take, place);
  }
  onRepeated(origins.repeated());
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum.row());
}

/** Sums the rows of one hour. A null count stays null, because a column that a file lacks is not 0. */
class HourSum {
  readonly #date: string;
  readonly #hour: number;
  #trips = 0;
  readonly #counts: (number | null)[] = COUNTS.map(() => null);
  /** Minutes of the trips whose duration is known. */
  #minutes = 0;
  #timedTrips = 0;

  constructor(date: string, hour: number) {
    this.#date = date;
    this.#hour = hour;
  }

  add(trips: number, cells: readonly TypedCell[]): this {
    this.#trips += trips;
    for (const [i, name] of COUNTS.entries()) {
      const count = cells[i];
      if (typeof count !== 'number') continue;
      const before = this.#counts[i] ?? 0;
      this.#counts[i] = name === 'holiday' ? Math.max(before, count) : before + count;
    }
    const mean = cells[COUNTS.length];
    if (typeof mean === 'number') {
      this.#minutes += mean * trips;
      this.#timedTrips += trips;
    }
    return this;
  }

  row(): HourRow {
    const counts = Object.fromEntries(COUNTS.map((name, i) => [name, this.#counts[i]]));
    const mean = this.#timedTrips > 0 ? this.#minutes / this.#timedTrips : null;
    return {
      date: this.#date,
      hour: this.#hour,
      trips: this.#trips,
      ...counts,
      mean_minutes: mean,
    } as HourRow;
  }
}
