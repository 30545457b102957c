/** One archive of rides to what its month, and its neighbours' months, need of it. */
import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ArchiveFacts } from '../../contracts/hours.ts';
import { badArchive } from '../sources/bad-archive.ts';
import { bareCsv, findCsvs, type ArchiveCsv } from '../sources/zip-reader.ts';
import { archiveFacts } from './archive-facts.ts';
import { writeHoursPart, type HourPart } from './hours-part.ts';
import { runRideJob, type JobOptions } from './ride-workers.ts';
import type { Ride } from './ride.ts';
import { RideTally } from './ride-tally.ts';
import type { ScannedCsv } from './scan-csv.ts';
import { HOUR_SUMS, emptySums, type Tally } from './tally.ts';
import type { DurationRule } from './verdict.ts';
import { dateOfEpochDay, epochDayOf } from '../../contracts/calendar.ts';
import type { WrittenIds } from './write-keys.ts';

export interface ReadRidesInput {
  /** As published; for messages and facts. */
  readonly name: string;
  /** Local path of a zip, or of a bare CSV. */
  readonly file: string;
  /** `YYYY-MM`, the month it is read for. */
  readonly month: string;
  readonly rule: DurationRule;
  /** A folder of the caller's for the parts; scratch files in it are removed. */
  readonly dir: string;
  readonly signal?: AbortSignal;
  /** Called as the archive is inflated, with the bytes so far. */
  readonly onProgress?: (bytes: number) => void;
}

/** What `ArchiveParts` (contracts/hours.ts) refers to, as local files. */
export interface RideParts {
  readonly facts: ArchiveFacts;
  readonly trips: number;
  readonly hours: { readonly file: string; readonly rows: readonly HourPart[] };
  readonly flows: { readonly file: string; readonly rows: number };
  readonly ids: { readonly file: string; readonly rows: number } | null;
  /** Kept rides of other months, sorted. */
  readonly strays: readonly Ride[];
}

/** @throws CitibikeError BAD_ARCHIVE naming archive, entry, line and reason; then no part is left. */
export async function readRides(input: ReadRidesInput): Promise<RideParts> {
  const { name, file, month, dir } = input;
  const scratch = path.join(dir, 'scratch');
  await mkdir(scratch, { recursive: true });
  try {
    const csvs = /\.csv$/i.test(name)
      ? [bareCsv(file, name, (await stat(file)).size)]
      : await findCsvs(file, {
          archiveName: name,
          month,
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
): Promise<RideParts> {
  const { name, month, dir, signal } = input;
  const flows = path.join(dir, 'flows.parquet');
  const ids = path.join(dir, 'ids.parquet');
  const hours = path.join(dir, 'hours.parquet');
  const once = await scanAll(input, csvs, path.join(scratch, 'a'), []);
  const legacy = schemaOf(once, name) === 'legacy';
  const writeKeys = (tallies: readonly Tally[]) =>
    inParallel(signal, (options): [Promise<WrittenIds>, Promise<number>] => [
      runRideJob('ids', { sources: tallies.map((tally) => tally.ids), out: legacy ? null : ids }, options),
      runRideJob('flows', { firstDay: epochDayOf(`${month}-01`), sources: tallies, out: flows }, options),
    ]);

  let tallies: Tally[] = once.map(({ tally }) => tally);
  let [written, flowRows] = await writeKeys(tallies);
  const { surplus } = written;
  if (!legacy && surplus > 0) {
    // Rare: what other rows of a ride_id added cannot be taken back, so the rides are read again, those with such ids apart.
    const again = await scanAll(input, csvs, path.join(scratch, 'b'), written.repeated);
    const winners = new RideTally({ ...input, scratch: path.join(scratch, 'c'), contested: new Set() });
    const contested = again.flatMap(({ tally }) => tally.contested);
    for (const ride of earliestOfEachId(contested)) winners.addRide(ride);
    tallies = [...again.map(({ tally }) => tally), winners.finish()];
    [written, flowRows] = await writeKeys(tallies);
  }

  const parts = hourParts(month, tallies, legacy);
  const trips = parts.reduce((sum, hour) => sum + hour.trips, 0);
  writeHoursPart(hours, parts);
  return {
    facts: archiveFacts(
      once,
      csvs,
      tallies,
      legacy ? { identicalLegacyRows: surplus } : { duplicates: surplus },
    ),
    trips,
    hours: { file: hours, rows: parts },
    flows: { file: flows, rows: flowRows },
    ids: legacy ? null : { file: ids, rows: written.rows },
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
  let bytes = 0;
  const onBytes = (count: number) => input.onProgress?.((bytes += count));
  return inParallel(input.signal, (options) =>
    csvs.map((csv, index) =>
      runRideJob(
        'scan',
        {
          place: { file: name, entry: csv.name },
          entry: csv.entry,
          month,
          rule,
          scratch: `${scratch}${index}`,
          contested,
        },
        { ...options, onBytes },
      ),
    ),
  );
}

/** Starts jobs that end together: when one fails, the others are stopped and waited for, so that nobody writes where all is removed. */
async function inParallel<const T extends readonly Promise<unknown>[]>(
  signal: AbortSignal | undefined,
  start: (options: JobOptions) => T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const failed = new AbortController();
  const jobs = start({ signal: signal ? AbortSignal.any([signal, failed.signal]) : failed.signal });
  try {
    return await Promise.all(jobs);
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled(jobs);
    throw error;
  }
}

function schemaOf(scanned: readonly ScannedCsv[], name: string): Tally['schema'] {
  const schemas = [...new Set(scanned.map(({ tally }) => tally.schema))];
  if (schemas.length > 1)
    throw badArchive(
      { file: name },
      'its CSVs are of different layouts: rides with and without ride_id in one month',
    );
  return schemas[0]!;
}

/** Of rows with one ride_id the earliest start counts, whatever order the rows come in. */
function earliestOfEachId(rides: readonly Ride[]): Ride[] {
  const earliest = new Map<string, Ride>();
  for (const ride of rides.toSorted(compareRides)) if (!earliest.has(ride.id!)) earliest.set(ride.id!, ride);
  return [...earliest.values()];
}

/** An order that does not depend on which file or thread came first. */
export function compareRides(a: Ride, b: Ride): number {
  const rest = (ride: Ride) =>
    JSON.stringify([ride.id, ride.minutes, ride.start_station, ride.end_station, ride.member, ride.electric]);
  return compareTexts(a.started_at, b.started_at) || compareTexts(rest(a), rest(b));
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function hourParts(month: string, tallies: readonly Tally[], legacy: boolean): HourPart[] {
  const sums = emptySums();
  for (const { hours } of tallies)
    for (const name of HOUR_SUMS) for (const [i, value] of hours[name].entries()) sums[name][i]! += value;
  const firstDay = epochDayOf(`${month}-01`);
  const parts: HourPart[] = [];
  for (const [i, trips] of sums.trips.entries()) {
    if (trips === 0) continue;
    parts.push({
      date: dateOfEpochDay(firstDay + Math.floor(i / 24)),
      hour: i % 24,
      trips,
      member: sums.member[i]!,
      casual: sums.casual[i]!,
      electric: legacy ? null : sums.electric[i]!,
      classic: legacy ? null : sums.classic[i]!,
      timed: sums.timed[i]!,
      milliseconds: sums.milliseconds[i]!,
    });
  }
  return parts;
}
