/** Reads one archive of rides into the files that its own month and the neighbouring months need. */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ArchiveFacts } from '../../contracts/hours.ts';
import type { StationHours } from '../../contracts/station-hours.ts';
import type { MonthSpan } from '../../contracts/months.ts';
import { badArchive } from '../sources/bad-archive.ts';
import { findCsvs, type ArchiveCsv } from '../sources/find-csvs.ts';
import { holdsMonth } from '../sources/months-in-name.ts';
import { archiveFacts } from './archive-facts.ts';
import { allOrAbort } from './all-or-abort.ts';
import { readCsvLayouts } from './csv-layouts.ts';
import { writeArchiveHours, type ArchiveHour } from './archive-hours.ts';
import { runRideJob } from './ride-workers.ts';
import type { Ride } from './ride.ts';
import { RideTally } from './ride-tally.ts';
import { mergeStations, tallyStations } from './tally-stations.ts';
import { scanOnThreads, type ScannedCsv } from './scan-on-threads.ts';
import { HOUR_SUMS, emptySums, type Tally } from './tally.ts';
import type { DurationRule } from './ride-outcome.ts';
import { dateOfEpochDay, epochDayOf } from '../../contracts/calendar.ts';
import type { WrittenFlows, WrittenIds } from './write-keys.ts';

export interface ReadRidesInput {
  /** Published name, for messages and facts. */
  readonly name: string;
  /** Local path of a zip, or of a CSV with or without gzip, as the name says. */
  readonly file: string;
  /** `YYYY-MM`, the month for which the archive is read. */
  readonly month: string;
  /** All months of the archive, which is read once for each. Default: those that its name stands for. */
  readonly months?: MonthSpan | undefined;
  readonly rule: DurationRule;
  /** Layouts that the CSVs may have. The default is all of inputs/csv-layouts.yaml. */
  readonly layouts?: readonly string[] | undefined;
  /** Folder of the caller that receives the files; scratch files in it are removed. */
  readonly dir: string;
  readonly signal?: AbortSignal;
  /** False leaves `stations` empty and saves its time. The default is true. */
  readonly withStations?: boolean;
  /** Bytes of the blocks in which two threads share any CSV. Default: they share a large one that is read without stations. */
  readonly blockBytes?: number;
  /** Called while the archive is inflated, with the bytes so far. */
  readonly onProgress?: (bytes: number) => void;
}

/** Represents the local files of an archive, from which `ArchiveParts` (contracts/hours.ts) is written. */
export interface ArchiveRides {
  readonly facts: ArchiveFacts;
  readonly trips: number;
  readonly hours: { readonly file: string; readonly rows: readonly ArchiveHour[] };
  readonly flows: { readonly file: string; readonly rows: number };
  readonly ids: { readonly file: string; readonly rows: number } | null;
  readonly stations: readonly StationHours[];
  /** Kept rides of other months, sorted. */
  readonly strays: readonly Ride[];
}

/**
 * Reads an archive and removes its scratch files, also on failure.
 * @throws CitibikeError BAD_ARCHIVE with the archive, entry, line and reason.
 */
export async function readRides(input: ReadRidesInput): Promise<ArchiveRides> {
  const { name, file, month, dir } = input;
  const scratch = path.join(dir, 'scratch');
  await mkdir(scratch, { recursive: true });
  try {
    const csvs = await findCsvs(file, {
      archiveName: name,
      month,
      months: input.months,
      workDir: path.join(scratch, 'zips'),
      signal: input.signal,
    });
    return await readCsvs(input, csvs, scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function readCsvs(
  input: ReadRidesInput,
  csvs: readonly ArchiveCsv[],
  scratch: string,
): Promise<ArchiveRides> {
  const { month, dir, signal, withStations = true } = input;
  const flows = path.join(dir, 'flows.parquet');
  const ids = path.join(dir, 'ids.parquet');
  const hours = path.join(dir, 'hours.parquet');
  const once = await scanAll(input, csvs, path.join(scratch, 'a'), []);
  let tallies = once.flatMap((csv) => csv.tallies);
  const { hasIds, hasBikes } = oneLayout(tallies, input);
  if (tallies.every(({ rows }) => rows === 0))
    throw badArchive({ file: input.name }, `none of its rides starts in ${month}`);
  const writeKeys = () =>
    allOrAbort(signal, (options): [Promise<WrittenIds>, Promise<WrittenFlows>] => [
      runRideJob('ids', { sources: tallies.map((tally) => tally.ids), out: hasIds ? ids : null }, options),
      runRideJob(
        'flows',
        {
          firstDay: epochDayOf(`${month}-01`),
          sources: tallies.map((tally) => ({ flows: tally.flows, stations: tally.stations })),
          out: flows,
          withStations,
        },
        options,
      ),
    ]);

  let [written, writtenFlows] = await writeKeys();
  const { surplus } = written;
  if (hasIds && surplus > 0) {
    // Rows of a repeated ride_id cannot be subtracted from sums. In this rare case the rides are read again,
    // and rides with such ids are collected separately.
    const again = await scanAll(input, csvs, path.join(scratch, 'b'), written.repeated);
    tallies = again.flatMap((csv) => csv.tallies);
    const winners = new RideTally({
      ...input,
      months: { from: month, to: month },
      scratch: path.join(scratch, 'c'),
      contested: new Set(),
    });
    const contested = tallies.flatMap((tally) => tally.contested);
    for (const ride of earliestOfEachId(contested)) winners.addRide(ride);
    tallies.push(winners.finish());
    [written, writtenFlows] = await writeKeys();
  }

  const rows = archiveHours(month, tallies, hasBikes);
  const trips = rows.reduce((sum, hour) => sum + hour.trips, 0);
  writeArchiveHours(hours, rows);
  return {
    facts: archiveFacts(
      once,
      csvs,
      tallies,
      hasIds ? { duplicates: surplus } : { identicalLegacyRows: surplus },
    ),
    trips,
    hours: { file: hours, rows },
    flows: { file: flows, rows: writtenFlows.rows },
    ids: hasIds ? { file: ids, rows: written.rows } : null,
    stations: withStations
      ? mergeStations(tallies.map((tally, i) => tallyStations(tally, writtenFlows.counts[i]!)))
      : [],
    strays: tallies.flatMap((tally) => tally.strays).sort(compareRides),
  };
}

async function scanAll(
  input: ReadRidesInput,
  csvs: readonly ArchiveCsv[],
  scratch: string,
  contested: readonly string[],
): Promise<ScannedCsv[]> {
  const { name, month, rule } = input;
  const layouts = await readCsvLayouts();
  let bytes = 0;
  const onBytes = (count: number) => input.onProgress?.((bytes += count));
  return allOrAbort(input.signal, (options) =>
    csvs.map((csv, index) =>
      scanOnThreads(
        {
          place: { file: name, entry: csv.name },
          entry: csv.entry,
          month,
          months: monthsOfCsv(csv, month),
          rule,
          scratch: `${scratch}${index}`,
          contested,
          layouts,
          withStations: input.withStations ?? true,
          shared: null,
        },
        { ...options, onBytes, blockBytes: input.blockBytes },
      ),
    ),
  );
}

function monthsOfCsv({ months }: ArchiveCsv, month: string): MonthSpan {
  return months && holdsMonth(months, month) ? months : { from: month, to: month };
}

/** Returns a tally, which has the layout of all. @throws CitibikeError BAD_ARCHIVE on another layout. */
function oneLayout(tallies: readonly Tally[], { name, layouts }: ReadRidesInput): Tally {
  const found = [...new Set(tallies.map((tally) => tally.layout))];
  const [layout = ''] = found;
  if (found.length > 1)
    throw badArchive(
      { file: name },
      `its CSVs have different layouts, ${found.sort().join(' and ')}; expected one layout per month`,
    );
  if (layouts && !layouts.includes(layout))
    throw badArchive(
      { file: name },
      `its CSVs have the layout ${layout}, expected ${layouts.join(' or ')}. If the publisher changed the layout, add it to ` +
        'trips.layouts of the system.',
    );
  return tallies[0]!;
}

/** Keeps the row with the earliest start for each ride_id, independent of the order of the rows. */
function earliestOfEachId(rides: readonly Ride[]): Ride[] {
  const earliest = new Map<string, Ride>();
  for (const ride of rides.toSorted(compareRides)) if (!earliest.has(ride.id!)) earliest.set(ride.id!, ride);
  return [...earliest.values()];
}

/** Orders rides independently of which file or thread finished first. */
export function compareRides(a: Ride, b: Ride): number {
  const rest = (ride: Ride) =>
    JSON.stringify([ride.id, ride.minutes, ride.start_station, ride.end_station, ride.member, ride.electric]);
  return compareTexts(a.started_at, b.started_at) || compareTexts(rest(a), rest(b));
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function archiveHours(month: string, tallies: readonly Tally[], hasBikes: boolean): ArchiveHour[] {
  const sums = emptySums();
  for (const { hours } of tallies)
    for (const name of HOUR_SUMS) for (const [i, value] of hours[name].entries()) sums[name][i]! += value;
  const firstDay = epochDayOf(`${month}-01`);
  const rows: ArchiveHour[] = [];
  for (const [i, trips] of sums.trips.entries()) {
    if (trips === 0) continue;
    rows.push({
      date: dateOfEpochDay(firstDay + Math.floor(i / 24)),
      hour: i % 24,
      trips,
      member: sums.member[i]!,
      casual: sums.casual[i]!,
      electric: hasBikes ? sums.electric[i]! : null,
      classic: hasBikes ? sums.classic[i]! : null,
      timed: sums.timed[i]!,
      milliseconds: sums.milliseconds[i]!,
    });
  }
  return rows;
}
