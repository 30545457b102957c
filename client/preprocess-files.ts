/** Trip archives on disk to month parquets on disk, by the same rules as the activity, with no server. */
import { copyFile, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { countRides, type RideArchive, type RideFacts } from '../adapters/duckdb/count-rides.ts';
import { writeHoursFile, type HourCount } from '../adapters/duckdb/hours.ts';
import { CitibikeError } from '../contracts/errors.ts';
import type { RuleSet, System } from '../contracts/inputs.ts';
import type { Month } from '../contracts/months.ts';
import { isFederalHoliday } from '../core/features/holidays.ts';
import { gateHours, type HourTrips } from '../core/quality/hours.ts';
import { DURATION_RULES } from '../core/quality/ride-rules.ts';
import { parseTripFileName } from '../core/quality/source-names.ts';

export interface PreprocessFilesOptions {
  readonly files: readonly string[];
  readonly out: string;
  readonly rules: RuleSet;
  /** System of files whose names do not tell. */
  readonly system?: System;
}

export interface WrittenMonth {
  readonly system: System;
  readonly month: Month;
  readonly file: string;
  readonly hours: number;
  readonly trips: number;
  /** No file given is named for this month: these are rides that strayed into its neighbours. */
  readonly straysOnly: boolean;
}

export interface PreprocessedFiles {
  readonly months: readonly WrittenMonth[];
  readonly facts: Readonly<Partial<Record<System, RideFacts>>>;
  /** Files left out because a newer one of the same month was given too. */
  readonly superseded: readonly string[];
}

interface NamedFile extends RideArchive {
  readonly system: System;
  /** Undefined where the name does not tell. */
  readonly month: Month | undefined;
  readonly modified: number;
}

/** Nothing is written unless every file could be read and every month passes its gate. */
export async function preprocessFiles(options: PreprocessFilesOptions): Promise<PreprocessedFiles> {
  const named = await Promise.all(options.files.map((file) => nameFile(file, options.system)));
  const { kept, superseded } = newestOfEachMonth(named);
  const workDir = await mkdtemp(path.join(tmpdir(), 'citibike-preprocess-'));
  try {
    const months: WrittenMonth[] = [];
    const facts: Partial<Record<System, RideFacts>> = {};
    for (const system of new Set(kept.map((file) => file.system))) {
      const archives = kept.filter((file) => file.system === system);
      const { hours, facts: counted } = await countRides({
        archives,
        duration: DURATION_RULES[options.rules],
        workDir,
      });
      facts[system] = counted;
      const own = new Set(archives.map((archive) => archive.month));
      for (const [month, rows] of byMonth(hours)) {
        const straysOnly = !own.has(month);
        const complete: readonly HourTrips[] = straysOnly ? rows : gateHours(system, month, rows).hours;
        months.push(await writeMonth(workDir, { system, month, straysOnly }, complete));
      }
    }
    return { months: await publish(months, options.out), facts, superseded };
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

async function nameFile(file: string, fallback: System | undefined): Promise<NamedFile> {
  const name = path.basename(file);
  const info = await stat(file).catch(() => undefined);
  if (!info?.isFile())
    throw new CitibikeError(
      'SOURCE_NOT_FOUND',
      `${file} is no file; expected trip archives (.zip) or trip CSVs`,
    );
  const parsed = parseTripFileName(name);
  if (parsed && parsed.kind !== 'archive') {
    throw new CitibikeError(
      'INVALID_INPUT',
      `${file}: expected an archive of one month's rides, got ${parsed.kind === 'hourly' ? 'hours already processed' : 'the archive of a year; unpack it and give its months'}`,
    );
  }
  const system = parsed?.system ?? fallback;
  if (!system) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `${file}: its name does not say which system it is of; name it as published (202401-citibike-tripdata.zip, JC-202401-citibike-tripdata.csv.zip) or give --system`,
    );
  }
  return { name, file, system, month: parsed?.months[0], modified: info.mtimeMs };
}

function newestOfEachMonth(files: readonly NamedFile[]): { kept: NamedFile[]; superseded: string[] } {
  const newest = new Map<string, NamedFile>();
  const keyOf = (file: NamedFile) => (file.month ? `${file.system} ${file.month}` : path.resolve(file.file));
  for (const file of files) {
    const other = newest.get(keyOf(file));
    if (!other || file.modified > other.modified) newest.set(keyOf(file), file);
  }
  const kept = [...newest.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { kept, superseded: files.filter((file) => !kept.includes(file)).map(({ file }) => file) };
}

function byMonth(hours: readonly HourCount[]): [Month, HourCount[]][] {
  const months = Map.groupBy(hours, ({ date }) => date.slice(0, 7));
  return [...months.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
}

async function writeMonth(
  dir: string,
  about: Pick<WrittenMonth, 'system' | 'month' | 'straysOnly'>,
  hours: readonly HourTrips[],
): Promise<WrittenMonth> {
  const file = path.join(dir, `${about.system}-${about.month}.parquet`);
  await writeHoursFile(
    file,
    hours.map((hour) => ({ ...hour, holiday: isFederalHoliday(hour.date) ? 1 : 0 })),
  );
  const trips = hours.reduce((total, hour) => total + hour.trips, 0);
  return { ...about, file, hours: hours.length, trips };
}

/** Copies next to the target first, so that each file appears whole. */
async function publish(months: readonly WrittenMonth[], out: string): Promise<WrittenMonth[]> {
  await mkdir(out, { recursive: true });
  const published: WrittenMonth[] = [];
  for (const month of months) {
    const target = path.join(out, path.basename(month.file));
    await copyFile(month.file, `${target}.partial`);
    await rename(`${target}.partial`, target);
    published.push({ ...month, file: target });
  }
  return published;
}
