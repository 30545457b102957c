import { copyFile } from 'node:fs/promises';
import { CitibikeError } from '../../contracts/errors.ts';
import type { HourPart } from './hours-part.ts';
import { compareRides } from './read-rides.ts';
import type { Ride } from './ride.ts';
import path from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlPath, sqlText, withDuckDb } from '../duckdb/session.ts';
import { writeRideFlows } from './flows.ts';

/** What was read of an archive named for the month. */
export interface OwnRides {
  /** As published; for messages. */
  readonly name: string;
  readonly hours: readonly HourPart[];
  /** Local parquet of flows. */
  readonly flows: { readonly file: string; readonly rows: number };
  /** Local parquet of ids; null in legacy archives. */
  readonly ids: string | null;
}

export interface ComposedRides {
  /** Hours with at least one ride, sorted. */
  readonly hours: readonly HourPart[];
  readonly flows: { readonly file: string; readonly rows: number };
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
 * @param neighbours rides of neighbouring archives that start in other months than their own; only those of this month are taken.
 * @param flowsFile where to write the flows.
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
    return { hours: only.hours, flows, strays: 0, copies: 0, superseded: [] };
  }
  if (!only) {
    const strays = newRides(inMonth, new Set());
    const flows = { file: flowsFile, rows: writeRideFlows(strays, flowsFile) };
    const copies = inMonth.length - strays.length;
    return { hours: addHourParts(strays.map(hourOf)), flows, strays: strays.length, copies, superseded: [] };
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
        hours: addHourParts([...kept.flatMap(({ hours }) => hours), ...strays.map(hourOf)]),
        flows: { file: flowsFile, rows },
        strays: strays.length,
        copies: inMonth.length - strays.length,
        superseded,
      };
    },
    { spillDir: path.dirname(flowsFile) },
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
  const parts = [
    'SELECT date::DATE AS date, hour, start_station, end_station, 1::BIGINT AS trips FROM flows',
    ...files.map(
      (file) => `SELECT date, hour, start_station, end_station, trips FROM read_parquet(${sqlPath(file)})`,
    ),
  ];
  const copied = await connection.runAndReadAll(
    `COPY (
       SELECT date, hour, start_station, end_station, sum(trips)::BIGINT AS trips
       FROM (${parts.join(' UNION ALL ')})
       GROUP BY ALL ORDER BY date, hour, start_station, end_station
     ) TO ${sqlText(out)} (FORMAT parquet, COMPRESSION zstd)`,
  );
  return Number(copied.getRowsJS()[0]![0]);
}

/** Returns rides whose id is not known, each ride_id once, the earliest start first. Legacy rides have no id and all count. */
function newRides(rides: readonly Ride[], known: ReadonlySet<string>): Ride[] {
  const seen = new Set<string>();
  return rides.toSorted(compareRides).filter(({ id }) => {
    if (id === null) return true;
    if (seen.has(id) || known.has(id)) return false;
    seen.add(id);
    return true;
  });
}

/** Returns the ids of the rides that own archives have too. */
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
 * Leaves out archives whose rides another archive of the month has. Archives that share only some rides are rejected: once rides are
 * sums, the shared ones cannot be taken out.
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
  // The largest first, so that copies of parts of it are found.
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
        `${month}: ${archive.name} and ${other.name} are both named for the month and ${count === null ? 'have no ride ids, so copies cannot be told' : `share ${count} rides, but not all`}: keep one of them`,
        { month, files: [archive.name, other.name] },
      );
    }
  }
  return { kept, superseded };
}

/** Counts ids that both have; null when one has none. */
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

function hourOf({ started_at: started, minutes, member, electric }: Ride): HourPart {
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

/** Adds up the parts of each hour. */
function addHourParts(parts: readonly HourPart[]): HourPart[] {
  const sums = new Map<string, HourPart>();
  for (const part of parts) {
    const key = `${part.date}T${String(part.hour).padStart(2, '0')}`;
    const other = sums.get(key);
    sums.set(
      key,
      other
        ? {
            ...part,
            trips: part.trips + other.trips,
            member: part.member + other.member,
            casual: part.casual + other.casual,
            electric: addKnown(part.electric, other.electric),
            classic: addKnown(part.classic, other.classic),
            timed: part.timed + other.timed,
            milliseconds: part.milliseconds + other.milliseconds,
          }
        : part,
    );
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part);
}

/** Adds two counts; the sum is known when both are. */
function addKnown(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}
