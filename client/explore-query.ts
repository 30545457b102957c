/** Hours and flows of parquet files, read and summed by DuckDB for the exploratory report. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlPath, sqlText, withDuckDb } from '../adapters/duckdb/session.ts';
import { columnNames } from '../adapters/tables/column-names.ts';
import { requireColumns } from '../adapters/tables/header.ts';
import { HourOrigins, hourKey } from '../adapters/tables/hour-origins.ts';
import { readHourlyFile } from '../adapters/tables/hourly-files.ts';
import { tableFile } from '../adapters/tables/table-file.ts';
import type { DeclaredColumn, TypedCell } from '../adapters/tables/typed-rows.ts';
import { UNKNOWN_STATION, type HourRow } from '../contracts/hours.ts';
import { monthsOf, type Month, type MonthSpan } from '../contracts/months.ts';
import type { ExploreFlows } from '../core/report/explore/place-figures.ts';

/** Columns that month files have; files of processed hours lack them. */
const COUNTS = ['holiday', 'member', 'casual', 'electric', 'classic'] as const;
const MORE: readonly DeclaredColumn[] = [
  ...COUNTS.map((name) => ({ name, as: 'whole' as const, required: false })),
  { name: 'mean_minutes', as: 'number', required: false },
];

const FLOW_COLUMNS = ['start_station', 'end_station', 'trips'];

/** A file of hours, and the months that it is read for. */
export interface HourFile {
  readonly file: string;
  readonly months: readonly Month[];
}

/**
 * Reads each (date, hour) of the span once, sorted. Hours of files of processed hours repeat, and are summed.
 * @throws CitibikeError BAD_ARCHIVE naming file, row, column and value, or two files that overlap.
 */
export async function readExploreHours(files: readonly HourFile[], span: MonthSpan): Promise<HourRow[]> {
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
  origins.repeated();
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
  for (const file of files) requireColumns(file, await columnNames(tableFile(file)), FLOW_COLUMNS);
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

async function objectsOf<T>(connection: DuckDBConnection, sql: string): Promise<T[]> {
  return (await connection.runAndReadAll(sql)).getRowObjectsJS() as unknown as T[];
}
