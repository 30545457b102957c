/** Reads and writes this project's month and year files of hours: date, hour, trips, holiday. */
import type { HourRow } from '../../contracts/hours.ts';
import { writeParquet, type Column } from './write-parquet.ts';
import { sqlPath, withDuckDb } from './with-duckdb.ts';

/** Represents the columns that every file of hours has. */
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
       FROM read_parquet([${files.map(sqlPath).join(', ')}]) ORDER BY 1, 2`,
    );
    return reader.getRowObjectsJS() as unknown as SeedHour[];
  });
}
