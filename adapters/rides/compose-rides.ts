/** A month's hours and flows from the archives named for it and from the rides that strayed into its neighbours. */
import { copyFile } from 'node:fs/promises';
import { CitibikeError } from '../../contracts/errors.ts';
import { rowGroups } from '../parquet/reader.ts';
import { readHoursPart, type HourPart } from './hours-part.ts';
import type { Flow } from './merge-flows.ts';
import { compareRides } from './read-rides.ts';
import type { Ride } from './ride.ts';
import { runRideJob } from './ride-workers.ts';
import { epochDayOf } from '../../contracts/calendar.ts';

/** What was read of an archive named for the month, as local files. */
export interface OwnRides {
  /** As published; for messages. */
  readonly name: string;
  readonly hours: string;
  readonly flows: string;
  /** Null in legacy archives. */
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
  /** Archives left out, as all their rides are in another one named for the month. */
  readonly superseded: readonly string[];
}

/**
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
  signal?: AbortSignal,
): Promise<ComposedRides> {
  const { kept, superseded } = withoutCopies(month, own);
  const inMonth = neighbours.filter(({ started_at: started }) => started.startsWith(month));
  const strays = newRides(inMonth, kept);
  const rows =
    strays.length === 0 && kept.length === 1
      ? await copyFlows(kept[0]!.flows, flowsFile)
      : await runRideJob(
          'merge',
          { files: kept.map(({ flows }) => flows), extra: strays.map(flowOf), out: flowsFile },
          signal ? { signal } : {},
        );
  return {
    hours: addHourParts([...kept.flatMap(({ hours }) => readHoursPart(hours)), ...strays.map(hourOf)]),
    flows: { file: flowsFile, rows },
    strays: strays.length,
    copies: inMonth.length - strays.length,
    superseded,
  };
}

async function copyFlows(from: string, to: string): Promise<number> {
  await copyFile(from, to);
  let rows = 0;
  for (const group of rowGroups(from)) rows += group.rows;
  return rows;
}

/** Rides that no own archive has, each ride_id once, the earliest start first; legacy rides have no id and all count. */
function newRides(rides: readonly Ride[], own: readonly OwnRides[]): Ride[] {
  const seen = new Set<string>();
  const known = knownIds(
    rides.flatMap(({ id }) => (id === null ? [] : [id])),
    own,
  );
  return rides.toSorted(compareRides).filter(({ id }) => {
    if (id === null) return true;
    if (seen.has(id) || known.has(id)) return false;
    seen.add(id);
    return true;
  });
}

function knownIds(wanted: readonly string[], own: readonly OwnRides[]): Set<string> {
  const known = new Set<string>();
  if (wanted.length === 0) return known;
  for (const ids of own.flatMap((archive) => (archive.ids === null ? [] : [archive.ids]))) {
    for (const group of idGroups(ids))
      for (const id of wanted) if (includes(group, BigInt(`0x${id}`))) known.add(id);
  }
  return known;
}

/**
 * Two archives named for one month: one of them may hold all the rides of the other, or none. What is in between cannot be told apart
 * once the rides are sums.
 */
function withoutCopies(
  month: string,
  own: readonly OwnRides[],
): { kept: readonly OwnRides[]; superseded: string[] } {
  const kept: OwnRides[] = [];
  const superseded: string[] = [];
  // The largest first, so that what is in it is found.
  const sized = own
    .map((archive) => ({ archive, rides: ridesOf(archive) }))
    .sort((a, b) => b.rides - a.rides);
  for (const { archive, rides } of sized) {
    const shared = kept.map((other) => ({ other, count: sharedIds(archive, other) }));
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

function ridesOf({ ids, hours }: OwnRides): number {
  if (ids === null) return readHoursPart(hours).reduce((sum, hour) => sum + hour.trips, 0);
  let rides = 0;
  for (const group of rowGroups(ids)) rides += group.rows;
  return rides;
}

/** Ids that both have; null when one has none. */
function sharedIds(one: OwnRides, other: OwnRides): number | null {
  if (one.ids === null || other.ids === null) return null;
  let shared = 0;
  // Row groups hold the same ranges of ids in every file.
  const others = idGroups(other.ids);
  for (const ids of idGroups(one.ids)) {
    const { value } = others.next();
    if (value) for (const id of ids) if (includes(value, id)) shared++;
  }
  return shared;
}

/** Ids row group by row group, sorted. */
function* idGroups(file: string): Generator<BigUint64Array, undefined> {
  for (const group of rowGroups(file)) {
    const column = group.column('id');
    if (column.kind !== 'plain' || !(column.values instanceof BigUint64Array))
      throw new RangeError('ids are not plain');
    yield column.values;
  }
}

function includes(sorted: BigUint64Array, id: bigint): boolean {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted[middle]! < id) from = middle + 1;
    else to = middle;
  }
  return sorted[from] === id;
}

function flowOf(ride: Ride): Flow {
  return {
    day: epochDayOf(ride.started_at.slice(0, 10)),
    hour: Number(ride.started_at.slice(11, 13)),
    start: ride.start_station,
    end: ride.end_station,
    trips: 1,
  };
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

/** Sums what is of one hour. */
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

/** A sum is known when both parts are. */
function addKnown(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}
