/** Hours (date, hour, trips, holiday) of any parquet that has these columns, and the yearly files that have no others. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import type { HourRow } from '../../contracts/hours.ts';
import { writeParquet, type Column } from './parquet.ts';
import { sqlList, sqlText, withDuckDb } from './session.ts';

/** Trips that started in one hour of New York wall clock. */
export interface HourCount {
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** 0..23 */
  readonly hour: number;
  readonly trips: number;
}

/** The seed's columns of a month, which every file of hours has. */
export type SeedHour = Pick<HourRow, 'date' | 'hour' | 'trips' | 'holiday'>;

const HOUR_COLUMNS: readonly (Column & { readonly name: keyof SeedHour })[] = [
  { name: 'date', type: 'DATE' },
  { name: 'hour', type: 'INTEGER' },
  { name: 'trips', type: 'BIGINT' },
  { name: 'holiday', type: 'BIGINT' },
];

/** Writes rows, which must be sorted and unique by (date, hour). The same rows give the same bytes. */
export async function writeHoursFile(file: string, rows: readonly SeedHour[]): Promise<void> {
  await writeParquet(
    file,
    HOUR_COLUMNS,
    rows.map((row) => HOUR_COLUMNS.map(({ name }) => row[name])),
  );
}

/** Reads month and year files that this code wrote, sorted by (date, hour). */
export async function readHoursFiles(files: readonly string[]): Promise<SeedHour[]> {
  if (files.length === 0) return [];
  return withDuckDb(async (connection) => {
    const reader = await connection.runAndReadAll(
      `SELECT strftime(date, '%Y-%m-%d') AS date, hour, trips::DOUBLE AS trips, holiday::DOUBLE AS holiday
       FROM read_parquet(${sqlList(files)}) ORDER BY 1, 2`,
    );
    return reader.getRowObjectsJS() as unknown as SeedHour[];
  });
}

/**
 * Sums already processed hourly files over a span of days. Each (date, hour) may repeat, within a file and between files: a ride
 * that started at 23:xx on the last of a month can lie in the next month's file.
 * @param days first and last day, `YYYY-MM-DD`, inclusive; left out: all.
 * @throws CitibikeError BAD_ARCHIVE naming a file that is no such parquet or holds an impossible value.
 */
export async function sumHourlyFiles(
  files: readonly { readonly name: string; readonly file: string }[],
  days?: { readonly firstDay: string; readonly lastDay: string },
): Promise<HourCount[]> {
  if (files.length === 0) return [];
  return withDuckDb(async (connection) => {
    for (const { name, file } of files) await checkHourlyFile(connection, name, file);
    const span = days
      ? `WHERE date::DATE BETWEEN ${sqlText(days.firstDay)} AND ${sqlText(days.lastDay)}`
      : '';
    const reader = await connection.runAndReadAll(
      `SELECT strftime(date::DATE, '%Y-%m-%d') AS date, hour::INTEGER AS hour, sum(trips)::DOUBLE AS trips
       FROM read_parquet(${sqlList(files.map(({ file }) => file))}, union_by_name = true)
       ${span} GROUP BY 1, 2 ORDER BY 1, 2`,
    );
    return reader.getRowObjectsJS() as unknown as HourCount[];
  });
}

async function checkHourlyFile(connection: DuckDBConnection, name: string, file: string): Promise<void> {
  let wrong: unknown;
  try {
    const reader = await connection.runAndReadAll(
      `SELECT count(*) FILTER (date IS NULL OR hour IS NULL OR trips IS NULL OR hour NOT BETWEEN 0 AND 23 OR trips < 0)
       FROM (SELECT date::DATE AS date, hour::INTEGER AS hour, trips::BIGINT AS trips FROM read_parquet(${sqlText(file)}))`,
    );
    wrong = reader.getRowsJS()[0]?.[0];
  } catch (error) {
    throw new CitibikeError(
      'BAD_ARCHIVE',
      `${name} is not an hourly parquet with columns date, hour, trips: ${messageOf(error).split('\n')[0]}`,
      { file: name },
      { cause: error },
    );
  }
  if (Number(wrong) > 0) {
    throw new CitibikeError(
      'BAD_ARCHIVE',
      `${name} holds ${String(wrong)} rows with a missing or impossible date, hour (0 to 23) or trips (0 or more)`,
      { file: name, rows: Number(wrong) },
    );
  }
}
