import { copyFile } from 'node:fs/promises';
import { CitibikeError } from '../../contracts/errors.ts';
import type { StationHours } from '../../contracts/station-hours.ts';
import { mergeStations, rideStations } from './tally-stations.ts';
import type { ArchiveHour } from './archive-hours.ts';
import { compareRides } from './read-rides.ts';
import type { Ride } from './ride.ts';
import path from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlPath, sqlText, withDuckDb } from '../duckdb/with-duckdb.ts';
import { writeRideFlows } from './flows.ts';

/** Represents the rides of an archive that is named for the month. */
export interface OwnRides {
  /** Published name of the archive, for messages. */
  readonly name: string;
  readonly hours: readonly ArchiveHour[];
  /** Local parquet of flows. */
  readonly flows: { readonly file: string; readonly rows: number };
  /** Local parquet of ids; null in legacy archives. */
  readonly ids: string | null;
  readonly stations: readonly StationHours[];
}

export interface ComposedRides {
  /** Hours with at least one ride, sorted. */
  readonly hours: readonly ArchiveHour[];
  readonly flows: { readonly file: string; readonly rows: number };
  readonly stations: readonly StationHours[];
  /** Rides of the neighbours that count. */
  readonly strays: number;
  /** Rides of the neighbours that are copies of others. */
  readonly copies: number;
  /** Archives left out, because another one named for the month has all their rides. */
  readonly superseded: readonly string[];
}

/**
 * Composes a month from the archives named for it and from the rides that start in it but lie in neighbouring archives.
 * @param month `YYYY-MM`
 * @param neighbours rides of neighbouring archives that start outside their own month; rides of other months are ignored.
 * @param flowsFile path to which the flows are written.
 * @throws CitibikeError QUALITY_GATE when two archives named for the month share some of their rides, but not all.
 */
export async function composeRides(
  month: string,
  own: readonly OwnRides[],
  neighbours: readonly Ride[],
  flowsFile: string,
): Promise<ComposedRides> {
  const inMonth = neighbours.filter(({ started_at: started }) => started.startsWith(month));
  const [only, ...more] = own;
  if (only && more.length === 0 && inMonth.length === 0) {
    await copyFile(only.flows.file, flowsFile);
    const flows = { file: flowsFile, rows: only.flows.rows };
    return { hours: only.hours, flows, stations: only.stations, strays: 0, copies: 0, superseded: [] };
  }
  if (!only) {
    const strays = newRides(inMonth, new Set());
    const flows = { file: flowsFile, rows: writeRideFlows(strays, flowsFile) };
    const copies = inMonth.length - strays.length;
    return {
      hours: mergeHours(strays.map(hourOf)),
      flows,
      stations: mergeStations([rideStations(strays)]),
      strays: strays.length,
      copies,
      superseded: [],
    };
  }
  return withDuckDb(
    async (connection) => {
      const { kept, superseded } = await withoutCopies(connection, month, own);
      const strays = newRides(inMonth, await knownIds(connection, inMonth, kept));
      const rows = await mergeFlows(
        connection,
        kept.map(({ flows }) => flows.file),
        strays,
        flowsFile,
      );
      return {
        hours: mergeHours([...kept.flatMap(({ hours }) => hours), ...strays.map(hourOf)]),
        flows: { file: flowsFile, rows },
        stations: mergeStations([...kept.map(({ stations }) => stations), rideStations(strays)]),
        strays: strays.length,
        copies: inMonth.length - strays.length,
        superseded,
      };
    },
    // Callers compose several months at once. A second thread doubles DuckDB's CPU time for a month of this size.
    { threads: 1, spillDir: path.dirname(flowsFile) },
  );
}

/** Writes the flows of the files and of the strays, summed and sorted. @returns rows written. */
async function mergeFlows(
  connection: DuckDBConnection,
  files: readonly string[],
  strays: readonly Ride[],
  out: string,
): Promise<number> {
  await connection.run(
    'CREATE TABLE flows (date VARCHAR, hour INTEGER, start_station VARCHAR, end_station VARCHAR)',
  );
  const appender = await connection.createAppender('flows');
  for (const { started_at: started, start_station: start, end_station: end } of strays) {
    appender.appendVarchar(started.slice(0, 10));
    appender.appendInteger(Number(started.slice(11, 13)));
    appender.appendVarchar(start);
    appender.appendVarchar(end);
    appender.endRow();
  }
  appender.closeSync();
  const sources = [
    'SELECT date::DATE AS date, hour, start_station, end_station, 1::BIGINT AS trips FROM flows',
    ...files.map(
      (file) => `SELECT date, hour, start_station, end_station, trips FROM read_parquet(${sqlPath(file)})`,
    ),
  ];
  const copied = await connection.runAndReadAll(
    `COPY (
       SELECT date, hour, start_station, end_station, sum(trips)::BIGINT AS trips
       FROM (${sources.join(' UNION ALL ')})
       GROUP BY ALL ORDER BY date, hour, start_station, end_station
     ) TO ${sqlText(out)} (FORMAT parquet, COMPRESSION zstd)`,
  );
  return Number(copied.getRowsJS()[0]![0]);
}

/** Returns the rides whose id is unknown, each ride_id once with its earliest start. All legacy rides count, as they have no id. */
function newRides(rides: readonly Ride[], known: ReadonlySet<string>): Ride[] {
  const seen = new Set<string>();
  return rides.toSorted(compareRides).filter(({ id }) => {
    if (id === null) return true;
    if (seen.has(id) || known.has(id)) return false;
    seen.add(id);
    return true;
  });
}

/** Returns the ids of those rides that the month's own archives contain too. */
async function knownIds(
  connection: DuckDBConnection,
  rides: readonly Ride[],
  own: readonly OwnRides[],
): Promise<ReadonlySet<string>> {
  const wanted = rides.flatMap(({ id }) => (id === null ? [] : [id]));
  const files = own.flatMap(({ ids }) => (ids === null ? [] : [sqlPath(ids)]));
  if (wanted.length === 0 || files.length === 0) return new Set();
  await connection.run('CREATE TABLE wanted (id VARCHAR)');
  const appender = await connection.createAppender('wanted');
  for (const id of wanted) {
    appender.appendVarchar(id);
    appender.endRow();
  }
  appender.closeSync();
  const found = await connection.runAndReadAll(
    `SELECT id FROM wanted
     WHERE ('0x' || id)::UBIGINT IN (SELECT id FROM read_parquet([${files.join(', ')}]))`,
  );
  return new Set(found.getColumnsJS()[0] as string[]);
}

/**
 * Leaves out archives whose rides are all in another archive of the month. Archives that share only some rides are rejected,
 * because shared rides cannot be subtracted from sums.
 */
async function withoutCopies(
  connection: DuckDBConnection,
  month: string,
  own: readonly OwnRides[],
): Promise<{ kept: readonly OwnRides[]; superseded: string[] }> {
  const kept: OwnRides[] = [];
  const superseded: string[] = [];
  if (own.length === 1) return { kept: own, superseded };
  const ridesOf = ({ hours }: OwnRides) => hours.reduce((sum, hour) => sum + hour.trips, 0);
  const sized: { archive: OwnRides; rides: number }[] = [];
  for (const archive of own)
    sized.push({ archive, rides: (await sharedIds(connection, archive, archive)) ?? ridesOf(archive) });
  // Sorts the largest first, so that archives with a subset of its rides are found.
  sized.sort((a, b) => b.rides - a.rides);
  for (const { archive, rides } of sized) {
    const shared: { other: OwnRides; count: number | null }[] = [];
    for (const other of kept) shared.push({ other, count: await sharedIds(connection, archive, other) });
    if (shared.some(({ count }) => count === rides)) superseded.push(archive.name);
    else if (shared.every(({ count }) => count === 0)) kept.push(archive);
    else {
      const { other, count } = shared.find((each) => each.count !== 0)!;
      throw new CitibikeError(
        'QUALITY_GATE',
        `${month}: ${archive.name} and ${other.name} are both named for the month and ${count === null ? 'have no ride ids, so copies cannot be detected' : `share ${count} rides, but not all`}: keep one of them`,
        { month, files: [archive.name, other.name] },
      );
    }
  }
  return { kept, superseded };
}

/** Counts the ids that both archives have; null when one archive has no ids. */
async function sharedIds(
  connection: DuckDBConnection,
  one: OwnRides,
  other: OwnRides,
): Promise<number | null> {
  if (one.ids === null || other.ids === null) return null;
  const counted = await connection.runAndReadAll(
    `SELECT count(*) FROM read_parquet(${sqlPath(one.ids)}) SEMI JOIN read_parquet(${sqlPath(other.ids)}) USING (id)`,
  );
  return Number(counted.getRowsJS()[0]![0]);
}

function hourOf({ started_at: started, minutes, member, electric }: Ride): ArchiveHour {
  return {
    date: started.slice(0, 10),
    hour: Number(started.slice(11, 13)),
    trips: 1,
    member: Number(member === true),
    casual: Number(member === false),
    electric: Number(electric === true),
    classic: Number(electric === false),
    timed: Number(minutes !== null),
    milliseconds: Math.round((minutes ?? 0) * 60_000),
  };
}

/** Adds up the rows of each hour. */
function mergeHours(hours: readonly ArchiveHour[]): ArchiveHour[] {
  const sums = new Map<string, ArchiveHour>();
  for (const hour of hours) {
    const key = `${hour.date}T${String(hour.hour).padStart(2, '0')}`;
    const other = sums.get(key);
    sums.set(
      key,
      other
        ? {
            ...hour,
            trips: hour.trips + other.trips,
            member: hour.member + other.member,
            casual: hour.casual + other.casual,
            electric: addKnown(hour.electric, other.electric),
            classic: addKnown(hour.classic, other.classic),
            timed: hour.timed + other.timed,
            milliseconds: hour.milliseconds + other.milliseconds,
          }
        : hour,
    );
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, hour]) => hour);
}

/** Adds two counts; the sum is null unless both are known. */
function addKnown(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}
