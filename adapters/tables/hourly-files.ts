/** Reads users' files of trips per hour: every hour of the system's clock with its trips. */
import { isDay } from '../../contracts/calendar.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { Place } from '../../contracts/systems.ts';
import { tripHour } from '../../contracts/trip-hour.ts';
import { HourOrigins, hourKey, type NamedFile, type RepeatedHour } from './hour-origins.ts';
import { readTypedRows } from './read-typed-rows.ts';
import { Faults, type DeclaredColumn, type TypedCell } from './typed-rows.ts';
import { tableFile, type TableFile } from './table-file.ts';

/** Represents trips that started in one hour of local time. */
export interface HourCount {
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** 0..23 */
  readonly hour: number;
  readonly trips: number;
}

/** Holds the columns that every file of hours has. */
const KEYS: readonly DeclaredColumn[] = [
  { name: 'date', as: 'time', required: true },
  { name: 'hour', as: 'whole', required: true },
  { name: 'trips', as: 'whole', required: true },
];
/** Matches an optional time after the day: midnight, or the hour of the row. */
const TIME_OF_DAY = /^[T ](\d{2}):00(:00(\.0+)?)?$/;

/**
 * Reads the hours of one file.
 * @param more columns besides date, hour and trips. @param take receives each row with its additional cells.
 * @param place of the wall clock.
 * @throws CitibikeError BAD_ARCHIVE with file, row, column and value.
 */
export async function readHourlyFile(
  { name, file }: NamedFile,
  more: readonly DeclaredColumn[],
  take: (hour: HourCount, cells: readonly TypedCell[]) => void,
  { timeZone }: Pick<Place, 'timeZone'>,
): Promise<void> {
  const table: TableFile = { ...tableFile(file), name };
  try {
    await readTypedRows(table, {
      columns: [...KEYS, ...more],
      rows: ({ rows, first }) => {
        const faults = new Faults(table);
        const hours = rows.map(([date, hour, trips], i) =>
          hourOf(first + i, { date, hour, trips }, timeZone, faults),
        );
        faults.check();
        for (const [i, hour] of hours.entries()) if (hour) take(hour, rows[i]!.slice(KEYS.length));
      },
    });
  } catch (error) {
    if (!(error instanceof CitibikeError) || error.code !== 'INVALID_INPUT') throw error;
    throw new CitibikeError(
      'BAD_ARCHIVE',
      `${error.message}. Expected hours with the columns date, hour, trips`,
      { file: name },
      { cause: error },
    );
  }
}

/**
 * Sums files of hours over a span of days. An hour may repeat, because a ride that started at 23:xx on the last day of a month can
 * be in the next month's file.
 * @param place of the wall clock.
 * @param days first and last day, `YYYY-MM-DD`, inclusive; by default all.
 * @returns the hours in order, and those with several rows.
 * @throws CitibikeError BAD_ARCHIVE like `readHourlyFile`, or if files overlap; INVALID_INPUT if one is given twice.
 */
export async function sumHourlyFiles(
  files: readonly NamedFile[],
  place: Pick<Place, 'timeZone'>,
  days?: { readonly firstDay: string; readonly lastDay: string },
): Promise<{ hours: HourCount[]; repeated: RepeatedHour[] }> {
  const sums = new Map<string, HourCount>();
  const origins = new HourOrigins(files);
  for (const [index, each] of files.entries()) {
    const add = ({ date, hour, trips }: HourCount) => {
      if (days && (date < days.firstDay || date > days.lastDay)) return;
      const key = hourKey(date, hour);
      sums.set(key, { date, hour, trips: trips + (sums.get(key)?.trips ?? 0) });
      origins.add(key, index);
    };
    await readHourlyFile(each, [], add, place);
  }
  const hours = [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, hour]) => hour);
  return { hours, repeated: origins.repeated() };
}

function hourOf(
  row: number,
  { date, hour, trips }: Readonly<Record<'date' | 'hour' | 'trips', TypedCell | undefined>>,
  timeZone: string,
  faults: Faults,
): HourCount | undefined {
  const text = String(date ?? '');
  const day = text.slice(0, 10);
  const time = text.slice(10);
  const clock = TIME_OF_DAY.exec(time)?.[1];
  const isHour = typeof hour === 'number' && hour >= 0 && hour <= 23;
  const isTrips = typeof trips === 'number' && trips >= 0;
  if (!isDay(day) || (time !== '' && clock === undefined))
    faults.add(row, 'date', date, 'a day as YYYY-MM-DD');
  else if (!isHour) faults.add(row, 'hour', hour, 'a whole hour from 0 to 23');
  else if (clock !== undefined && clock !== '00' && Number(clock) !== hour)
    faults.add(row, 'hour', hour, `the hour of the date, which is ${clock}`);
  else if (!isTrips) faults.add(row, 'trips', trips, 'a whole number, 0 or more');
  else {
    // The same hours exist here and where hours are predicted: 02:00 of the spring change shows times in UTC.
    const exists = tripHour(`${hourKey(day, hour)}:00`, timeZone);
    if (typeof exists !== 'string') return { date: day, hour, trips };
    faults.add(row, 'date', hourKey(day, hour), exists);
  }
  return undefined;
}
