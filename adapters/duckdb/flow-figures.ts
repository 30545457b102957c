/** Sums parquet files of flows between stations. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlPath, sqlText, withDuckDb } from './with-duckdb.ts';

export interface FlowFigures {
  readonly trips: number;
  readonly stations: number;
  /** Trips that end at the station where they began. */
  readonly roundTrips: number;
  /** Trips without a start or an end station. */
  readonly unknown: number;
  /** Stations by id, the busiest first. */
  readonly busiestStations: readonly { station: string; starts: number; ends: number }[];
  readonly busiestRoutes: readonly { from: string; to: string; trips: number }[];
}

/**
 * Computes totals, the busiest stations and the busiest routes.
 * @param unknownStation id of a missing station.
 * @param top maximum number of stations and of routes.
 */
export async function flowFigures(
  files: readonly string[],
  unknownStation: string,
  top: number,
): Promise<FlowFigures> {
  return withDuckDb(async (connection) => {
    await connection.run(
      `CREATE VIEW flows AS SELECT start_station AS a, end_station AS b, trips::BIGINT AS trips
       FROM read_parquet([${files.map(sqlPath).join(', ')}], hive_partitioning = false)`,
    );
    const unknown = sqlText(unknownStation);
    const [totals] = await rowsOf<Omit<FlowFigures, 'busiestStations' | 'busiestRoutes'>>(
      connection,
      `SELECT coalesce(sum(trips), 0)::DOUBLE AS trips,
         coalesce(sum(trips) FILTER (a = b AND a <> ${unknown}), 0)::DOUBLE AS "roundTrips",
         coalesce(sum(trips) FILTER (a = ${unknown} OR b = ${unknown}), 0)::DOUBLE AS unknown,
         (SELECT count(*) FROM (SELECT a FROM flows UNION SELECT b FROM flows) WHERE a <> ${unknown})::DOUBLE AS stations
       FROM flows`,
    );
    const busiestStations = await rowsOf<FlowFigures['busiestStations'][number]>(
      connection,
      `SELECT station, sum(starts)::DOUBLE AS starts, sum(ends)::DOUBLE AS ends FROM (
         SELECT a AS station, trips AS starts, 0 AS ends FROM flows UNION ALL SELECT b, 0, trips FROM flows)
       WHERE station <> ${unknown} GROUP BY 1 ORDER BY sum(starts + ends) DESC, 1 LIMIT ${top}`,
    );
    const busiestRoutes = await rowsOf<FlowFigures['busiestRoutes'][number]>(
      connection,
      `SELECT a AS "from", b AS "to", sum(trips)::DOUBLE AS trips FROM flows
       WHERE a <> b AND a <> ${unknown} AND b <> ${unknown} GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT ${top}`,
    );
    return { ...totals!, busiestStations, busiestRoutes };
  });
}

export interface WrongFlow {
  /** Counted from 1. */
  readonly row: number;
  readonly start_station: string | null;
  readonly end_station: string | null;
  readonly trips: string | null;
}

/** Returns the first row of a file that lacks a value or whose trips are not a count. */
export async function firstWrongFlow(
  connection: DuckDBConnection,
  path: string,
): Promise<WrongFlow | undefined> {
  const [wrong] = await rowsOf<WrongFlow>(
    connection,
    `SELECT (file_row_number + 1)::INTEGER AS "row", start_station, end_station, trips::VARCHAR AS trips
     FROM read_parquet(${sqlPath(path)}, hive_partitioning = false, file_row_number = true)
     WHERE start_station IS NULL OR end_station IS NULL OR trips IS NULL
       OR NOT (isfinite(trips::DOUBLE) AND trips >= 0 AND trips::DOUBLE = floor(trips::DOUBLE)) LIMIT 1`,
  );
  return wrong;
}

async function rowsOf<T>(connection: DuckDBConnection, sql: string): Promise<T[]> {
  return (await connection.runAndReadAll(sql)).getRowObjectsJS() as unknown as T[];
}
