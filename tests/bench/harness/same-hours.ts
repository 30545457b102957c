/** Checks that all contenders counted the same rides: compares trips by (date, hour) with DuckDB. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { sqlText, withDuckDb } from '../../../adapters/duckdb/with-duckdb.ts';

export interface HoursOutput {
  readonly name: string;
  /** A parquet of date, hour and trips, or a folder that `citibike preprocess` wrote. */
  readonly output: string;
}

/** Matches the month parquets of a folder, such as `nyc-2024-01.parquet`, but neither flows nor reports. */
const MONTH_PARQUET = /^(nyc|jc)-\d{4}-\d{2}\.parquet$/;

function parquetsOf(output: string): string[] {
  if (!existsSync(output)) throw new Error(`${output} was not written`);
  if (!statSync(output).isDirectory()) return [output];
  const files = readdirSync(output, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => MONTH_PARQUET.test(path.basename(file)))
    .map((file) => path.join(output, file));
}

/** @returns a sentence for the report. @throws Error that names the first hour that differs. */
export async function checkSameHours(outputs: readonly HoursOutput[]): Promise<string> {
  return withDuckDb(async (connection) => {
    const hours = (output: string) =>
      `SELECT date::DATE AS date, hour::INTEGER AS hour, sum(trips)::BIGINT AS trips
       FROM read_parquet([${parquetsOf(output).map(sqlText).join(', ')}], union_by_name = true)
       WHERE trips > 0 GROUP BY ALL`;
    const [first, ...others] = outputs;
    if (!first) throw new RangeError('nothing to compare');
    for (const other of others) {
      const differing = await connection.runAndReadAll(
        `SELECT coalesce(a.date, b.date)::VARCHAR AS date, coalesce(a.hour, b.hour) AS hour, a.trips::DOUBLE AS a, b.trips::DOUBLE AS b
         FROM (${hours(first.output)}) a FULL JOIN (${hours(other.output)}) b USING (date, hour)
         WHERE a.trips IS DISTINCT FROM b.trips ORDER BY 1, 2`,
      );
      const [row] = differing.getRowsJS() as [string, number, number | null, number | null][];
      if (!row) continue;
      const [date, hour, a, b] = row;
      throw new Error(
        `${first.name} and ${other.name} differ in ${differing.currentRowCount} hours, first ${date} ${hour}: ${a} and ${b} trips`,
      );
    }
    const total = await connection.runAndReadAll(
      `SELECT count(*)::DOUBLE, sum(trips)::DOUBLE FROM (${hours(first.output)})`,
    );
    const [count, trips] = (total.getRowsJS()[0] ?? []).map((value) => Number(value).toLocaleString('en'));
    return `All give the same ${count} hours with ${trips} trips.`;
  });
}
