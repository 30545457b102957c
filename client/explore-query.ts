/** Hours and flows of parquet files, read and summed by DuckDB for the exploratory report. */
import { monthsOf } from '../contracts/calendar.ts';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlPath, sqlText, withDuckDb } from '../adapters/duckdb/session.ts';
import { placeOf, requireColumns } from '../adapters/tables/header.ts';
import { HourOrigins, hourKey, type RepeatedHour } from '../adapters/tables/hour-origins.ts';
import { readHourlyFile } from '../adapters/tables/hourly-files.ts';
import { withParquet, type ParquetKind } from '../adapters/tables/parquet-file.ts';
import { tableFile } from '../adapters/tables/table-file.ts';
import type { DeclaredColumn, TypedCell } from '../adapters/tables/typed-rows.ts';
import { UNKNOWN_STATION, type HourRow } from '../contracts/hours.ts';
import { CitibikeError } from '../contracts/errors.ts';
import { showValue } from '../contracts/show-value.ts';
import { type Month, type MonthSpan } from '../contracts/months.ts';
import type { ExploreFlows } from '../core/report/explore/place-figures.ts';

/** Columns that month files have; files of processed hours lack them. */
const COUNTS = ['holiday', 'member', 'casual', 'electric', 'classic'] as const;
const MORE: readonly DeclaredColumn[] = [
  ...COUNTS.map((name) => ({ name, as: 'whole' as const, required: false })),
  { name: 'mean_minutes', as: 'number', required: false },
];

/** Columns of a file of flows. */
const FLOWS: Readonly<Record<string, ParquetKind>> = {
  start_station: 'text',
  end_station: 'text',
  trips: 'number',
};

/** A file of hours, and the months that it is read for. */
export interface HourFile {
  readonly file: string;
  readonly months: readonly Month[];
}

/**
 * Reads each (date, hour) of the span once, sorted. Hours of files of processed hours repeat, and are summed.
 * @param onRepeated receives the hours that have several rows.
 * @throws CitibikeError BAD_ARCHIVE naming file, row, column and value, or two files that overlap.
 */
export async function readExploreHours(
  files: readonly HourFile[],
  span: MonthSpan,
  onRepeated: (hours: readonly RepeatedHour[]) => void = () => undefined,
): Promise<HourRow[]> {
  const wanted = new Set(monthsOf(span));
  const named = files.map(({ file }) => ({ name: file, file }));
  const origins = new HourOrigins(named);
  const sums = new Map<string, HourSum>();
  for (const [place, { months }] of files.entries()) {
    await readHourlyFile(named[place]!, MORE, (hour, cells) => {
      const month = hour.date.slice(0, 7);
      if (!wanted.has(month) || !months.includes(month)) return;
      const key = hourKey(hour.date, hour.hour);
      sums.set(key, (sums.get(key) ?? new HourSum(hour.date, hour.hour)).add(hour.trips, cells));
      origins.add(key, place);
    });
  }
  onRepeated(origins.repeated());
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum.row());
}

/** Null counts stay null: what a file does not have is not 0. */
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

/**
 * @param names of stations by their id; ids without one stay as they are.
 * @throws CitibikeError INVALID_INPUT for a file that has other columns.
 */
export async function readExploreFlows(
  files: readonly string[],
  names: ReadonlyMap<string, string>,
  top: number,
): Promise<ExploreFlows> {
  for (const file of files) await checkFlows(file);
  return withDuckDb(async (connection) => {
    await connection.run(
      `CREATE VIEW flows AS SELECT start_station AS a, end_station AS b, trips::BIGINT AS trips FROM read_parquet([${files.map(sqlPath).join(', ')}], hive_partitioning = false)`,
    );
    const unknown = sqlText(UNKNOWN_STATION);
    const [totals] = await objectsOf<Omit<ExploreFlows, 'busiestStations' | 'busiestRoutes'>>(
      connection,
      `SELECT coalesce(sum(trips), 0)::DOUBLE AS trips,
         coalesce(sum(trips) FILTER (a = b AND a <> ${unknown}), 0)::DOUBLE AS "roundTrips",
         coalesce(sum(trips) FILTER (a = ${unknown} OR b = ${unknown}), 0)::DOUBLE AS unknown,
         (SELECT count(*) FROM (SELECT a FROM flows UNION SELECT b FROM flows) WHERE a <> ${unknown})::DOUBLE AS stations
       FROM flows`,
    );
    const stations = await objectsOf<{ station: string; starts: number; ends: number }>(
      connection,
      `SELECT station, sum(starts)::DOUBLE AS starts, sum(ends)::DOUBLE AS ends FROM (
         SELECT a AS station, trips AS starts, 0 AS ends FROM flows UNION ALL SELECT b, 0, trips FROM flows)
       WHERE station <> ${unknown} GROUP BY 1 ORDER BY sum(starts + ends) DESC, 1 LIMIT ${top}`,
    );
    const routes = await objectsOf<{ from: string; to: string; trips: number }>(
      connection,
      `SELECT a AS "from", b AS "to", sum(trips)::DOUBLE AS trips FROM flows
       WHERE a <> b AND a <> ${unknown} AND b <> ${unknown} GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT ${top}`,
    );
    const nameOf = (station: string) => names.get(station) ?? station;
    return {
      ...totals!,
      busiestStations: stations.map((each) => ({ ...each, station: nameOf(each.station) })),
      busiestRoutes: routes.map((each) => ({ ...each, from: nameOf(each.from), to: nameOf(each.to) })),
    };
  });
}

/** @throws CitibikeError INVALID_INPUT naming file, row, column and value. */
async function checkFlows(name: string): Promise<void> {
  const file = tableFile(name);
  await withParquet(file, async (connection, { columns }) => {
    const names = columns.map((column) => column.name);
    requireColumns(name, names, Object.keys(FLOWS));
    for (const [column, kind] of Object.entries(FLOWS)) {
      const found = columns[placeOf(names, column)]!;
      if (found.kind === kind) continue;
      throw new CitibikeError(
        'INVALID_INPUT',
        `${name}, column ${column}: got the type ${found.type}, expected ${kind === 'text' ? 'texts' : 'numbers'}`,
      );
    }
    const [wrong] = await objectsOf<Record<string, string | null> & { row: number }>(
      connection,
      `SELECT (file_row_number + 1)::INTEGER AS "row", start_station, end_station, trips::VARCHAR AS trips
       FROM read_parquet(${sqlPath(file.path)}, hive_partitioning = false, file_row_number = true)
       WHERE start_station IS NULL OR end_station IS NULL OR trips IS NULL
         OR NOT (isfinite(trips::DOUBLE) AND trips >= 0 AND trips::DOUBLE = floor(trips::DOUBLE)) LIMIT 1`,
    );
    if (!wrong) return;
    const column = ['start_station', 'end_station'].find((each) => wrong[each] === null) ?? 'trips';
    throw new CitibikeError(
      'INVALID_INPUT',
      `${name}, row ${wrong.row}: ${column}: got ${showValue(wrong[column])}, expected ${column === 'trips' ? 'a whole number, 0 or more' : 'the id of a station'}`,
    );
  });
}

async function objectsOf<T>(connection: DuckDBConnection, sql: string): Promise<T[]> {
  return (await connection.runAndReadAll(sql)).getRowObjectsJS() as unknown as T[];
}
