import type { ParquetColumn } from '../parquet/column.ts';
import { ParquetWriter } from '../parquet/writer.ts';
import { epochDayOf } from '../../contracts/calendar.ts';
import { sqlPath, withDuckDb } from '../duckdb/with-duckdb.ts';

/** Represents the sums of one hour with at least one ride in one archive. Sums of several archives can be added. */
export interface ArchiveHour {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly hour: number;
  readonly trips: number;
  readonly member: number;
  readonly casual: number;
  /** Null in files without types of bikes. */
  readonly electric: number | null;
  readonly classic: number | null;
  /** Rides with a duration, and their milliseconds. */
  readonly timed: number;
  readonly milliseconds: number;
}

/** Readers of the file use `mean_minutes`; sums are added by `timed` and `milliseconds`. */
const COLUMNS = [
  { name: 'date', type: 'date' },
  { name: 'hour', type: 'int32' },
  { name: 'trips', type: 'int64' },
  { name: 'member', type: 'int64' },
  { name: 'casual', type: 'int64' },
  { name: 'electric', type: 'int64', optional: true },
  { name: 'classic', type: 'int64', optional: true },
  { name: 'mean_minutes', type: 'double', optional: true },
  { name: 'timed', type: 'int64' },
  { name: 'milliseconds', type: 'int64' },
] as const satisfies readonly ParquetColumn[];

export function meanMinutes({
  timed,
  milliseconds,
}: Pick<ArchiveHour, 'timed' | 'milliseconds'>): number | null {
  return timed === 0 ? null : milliseconds / timed / 60_000;
}

/** Writes hours, which must be sorted and unique. */
export function writeArchiveHours(file: string, hours: readonly ArchiveHour[]): void {
  const writer = new ParquetWriter(file, COLUMNS);
  const cell = (row: ArchiveHour, name: (typeof COLUMNS)[number]['name']) => {
    if (name === 'date') return epochDayOf(row.date);
    return name === 'mean_minutes' ? meanMinutes(row) : row[name];
  };
  writer.writeRowGroup(
    hours.length,
    COLUMNS.map(({ name }) => ({ kind: 'plain', values: hours.map((row) => cell(row, name)) })),
  );
  writer.close();
}

/** Reads the hours of one archive, sorted. */
export async function readArchiveHours(file: string): Promise<ArchiveHour[]> {
  const counts = ['trips', 'member', 'casual', 'electric', 'classic', 'timed', 'milliseconds'];
  return withDuckDb(async (connection) => {
    const reader = await connection.runAndReadAll(
      `SELECT strftime(date, '%Y-%m-%d') AS date, hour, ${counts.map((name) => `${name}::DOUBLE AS ${name}`).join(', ')}
       FROM read_parquet(${sqlPath(file)}) ORDER BY 1, 2`,
    );
    return reader.getRowObjectsJS() as unknown as ArchiveHour[];
  });
}
