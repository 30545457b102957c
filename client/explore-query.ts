/** Hours and flows of parquet files, read and summed by DuckDB for the exploratory report. */
import { readFile } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlList, sqlText, withDuckDb } from '../adapters/duckdb/session.ts';
import { CitibikeError, messageOf } from '../contracts/errors.ts';
import { UNKNOWN_STATION, type HourRow } from '../contracts/hours.ts';
import { daysOf, type MonthSpan } from '../contracts/months.ts';
import type { ExploreFlows } from '../core/report/explore/place-figures.ts';

/** Columns of the month files; files of processed hours have the first four alone, and null for the rest. */
const EMPTY_HOURS = `SELECT NULL::DATE AS date, NULL::INTEGER AS hour, NULL::BIGINT AS trips, NULL::BIGINT AS holiday,
  NULL::BIGINT AS member, NULL::BIGINT AS casual, NULL::BIGINT AS electric, NULL::BIGINT AS classic,
  NULL::DOUBLE AS mean_minutes WHERE false`;

/** Each (date, hour) of the span once, sorted: those of files of processed hours repeat, and are summed. */
export async function readExploreHours(files: readonly string[], span: MonthSpan): Promise<HourRow[]> {
  const { firstDay, lastDay } = daysOf(span);
  return withDuckDb(async (connection) => {
    const rows = files.map((file) => `SELECT * FROM read_parquet(${sqlText(file)})`);
    const reader = await connection.runAndReadAll(
      `SELECT strftime(date::DATE, '%Y-%m-%d') AS date, hour::INTEGER AS hour, sum(trips)::DOUBLE AS trips,
         max(holiday)::INTEGER AS holiday, sum(member)::DOUBLE AS member, sum(casual)::DOUBLE AS casual,
         sum(electric)::DOUBLE AS electric, sum(classic)::DOUBLE AS classic,
         sum(trips * mean_minutes) / nullif(sum(trips) FILTER (mean_minutes IS NOT NULL), 0) AS mean_minutes
       FROM (${[EMPTY_HOURS, ...rows].join(' UNION ALL BY NAME ')})
       WHERE date::DATE BETWEEN ${sqlText(firstDay)} AND ${sqlText(lastDay)}
       GROUP BY 1, 2 ORDER BY 1, 2`,
    );
    return reader.getRowObjectsJS() as unknown as HourRow[];
  });
}

/** @param names of stations by their id; ids without one stay as they are. */
export async function readExploreFlows(
  files: readonly string[],
  names: ReadonlyMap<string, string>,
  top: number,
): Promise<ExploreFlows> {
  return withDuckDb(async (connection) => {
    await connection.run(
      `CREATE VIEW flows AS SELECT start_station AS a, end_station AS b, trips FROM read_parquet(${sqlList(files)})`,
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

/**
 * Names by the id that trip files use, from a GBFS `station_information.json`.
 * @throws CitibikeError INVALID_INPUT for what is no such file.
 */
export async function readStationNames(file: string): Promise<Map<string, string>> {
  try {
    const content = JSON.parse(await readFile(file, 'utf8')) as {
      data: { stations: { short_name?: string; name: string }[] };
    };
    return new Map(
      content.data.stations.flatMap(({ short_name: id, name }): [string, string][] =>
        id ? [[id, name]] : [],
      ),
    );
  } catch (error) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `--stations: ${file} is no GBFS station_information.json (data.stations[] with short_name and name): ${messageOf(error)}`,
      {},
      { cause: error },
    );
  }
}
