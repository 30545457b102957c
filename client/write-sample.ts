/** Writes a synthetic system to a folder that serves as a `file://` source: archives, weather, and a marker that they are synthetic. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { CitibikeError } from '../contracts/errors.ts';
import type { Month } from '../contracts/months.ts';
import { addMonths, daysBetween, monthsOf } from '../contracts/calendar.ts';
import { SYNTHETIC_MARKER } from '../core/ingest/source-names.ts';
import { formatWeatherCsv, type WeatherRecord } from '../core/ingest/weather-records.ts';
import { archiveName, formatOf, publishArchive, type MonthOfRides } from '../core/sample/publish.ts';
import { fileMonthOf, sampleDays, sampleRides, type Ride, type SampleOptions } from '../core/sample/rides.ts';
import { sampleWeather } from '../core/sample/weather.ts';
import { DEFAULT_SYSTEM, type SystemFacts, type SystemId } from '../contracts/systems.ts';
import { knownSystems } from './system-option.ts';
import { zipOf, type ZipContent } from './zip-of.ts';

export interface WriteSampleOptions {
  /** Folder to create. An earlier sample in it is replaced; any other content is rejected. */
  readonly out: string;
  readonly system?: SystemId;
  readonly from?: Month;
  readonly to?: Month;
  /** Mean number of valid rides per month. The default is that of the system. */
  readonly ridesPerMonth?: number | undefined;
  readonly seed?: number;
}

export interface WrittenSample {
  readonly archives: number;
  readonly rides: number;
  readonly bytes: number;
}

export const SAMPLE_DEFAULTS = {
  system: DEFAULT_SYSTEM,
  from: '2024-01',
  to: '2025-03',
  seed: 42,
} as const;

/** Sets the minimum; with fewer rides, hours without rides look like missing data. */
const LEAST_RIDES_A_MONTH = 2_000;

/** Sets the days without weather, in the third month from the end. */
const MISSING_DAYS = ['11', '19'];

/** Writes the months. The same options give the same files. */
export async function writeSample(options: WriteSampleOptions): Promise<WrittenSample> {
  const { out, ...given } = options;
  const { system, from, to, seed } = { ...SAMPLE_DEFAULTS, ...given };
  const facts = await knownSystems().get(system);
  const ridesPerMonth = given.ridesPerMonth ?? ridesPerMonthOf(facts);
  const sample = { facts, from, to, ridesPerMonth, seed };
  check(sample);
  const about = { system, from, to, ridesPerMonth, seed };
  return writeSampleFolder(out, facts, about, async (folder) => {
    const { firstDay, lastDay } = sampleDays(from, to);
    const weather = sampleWeather(facts, daysBetween(firstDay, lastDay), seed);
    await writeWeather(folder, weather, from, to);
    return writeArchives(folder, sample, weather);
  });
}

/**
 * Creates a folder with a marker that its data are synthetic. Writes it elsewhere and renames it, so that an unfinished sample is
 * never taken for a complete one or for real data.
 * @param about what it was made from, for the marker.
 */
export async function writeSampleFolder<T>(
  out: string,
  { brand }: Pick<SystemFacts, 'brand'>,
  about: object,
  write: (folder: string) => Promise<T>,
): Promise<T> {
  await rejectForeignFolder(out);
  const partial = `${path.resolve(out)}.partial-${process.pid}`;
  try {
    await mkdir(partial, { recursive: true });
    const written = await write(partial);
    const label = { synthetic: true, note: `synthetic rides and weather, not ${brand} data`, ...about };
    await writeFile(path.join(partial, SYNTHETIC_MARKER), `${JSON.stringify(label, null, 2)}\n`);
    await rm(out, { recursive: true, force: true });
    await rename(partial, path.resolve(out));
    return written;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** Is the mean number of days of a month that the rides of a mean day stand for. */
const DAYS_A_MONTH = 30;

function ridesPerMonthOf({ sample }: SystemFacts): number {
  return sample?.ridesPerMonth ?? DAYS_A_MONTH * (sample?.ridesPerDay ?? LEAST_RIDES_A_MONTH);
}

function check({ facts, from, to, ridesPerMonth }: SampleOptions): void {
  if (monthsOf({ from, to }).length === 0)
    throw new CitibikeError('INVALID_INPUT', `from ${from} is after to ${to}`);
  // A month without a layout or a name fails before anything is written.
  for (const month of monthsOf({ from, to })) {
    formatOf(facts, month);
    archiveName(facts, month);
  }
  if (!(ridesPerMonth >= LEAST_RIDES_A_MONTH)) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `rides per month: got ${ridesPerMonth}, expected ${LEAST_RIDES_A_MONTH} or more`,
    );
  }
}

async function rejectForeignFolder(out: string): Promise<void> {
  if (!existsSync(out)) return;
  const content = await readdir(out);
  if (content.length > 0 && !content.includes(SYNTHETIC_MARKER)) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `${out} is not empty and contains no sample; name a new folder, or empty this one`,
    );
  }
}

export async function writeWeather(
  folder: string,
  weather: readonly WeatherRecord[],
  from: Month,
  to: Month,
): Promise<void> {
  const month = [addMonths(to, -2), from].sort().at(-1)!;
  const missing = MISSING_DAYS.map((day) => `${month}-${day}`);
  const observed = weather.filter(({ date }) => !missing.includes(date));
  for (const year of new Set(observed.map(({ date }) => date.slice(0, 4)))) {
    const days = observed.filter(({ date }) => date.startsWith(year));
    await writeFile(path.join(folder, `weather-daily-${year}.csv`), formatWeatherCsv(days));
  }
}

async function writeArchives(
  folder: string,
  sample: SampleOptions,
  weather: readonly WeatherRecord[],
): Promise<WrittenSample> {
  const { facts } = sample;
  const byDate = new Map(weather.map((day) => [day.date, day]));
  let carried: Ride[] = [];
  let open: MonthOfRides[] = [];
  const total = { archives: 0, rides: 0, bytes: 0 };
  const close = async () => {
    if (open.length === 0) return;
    total.archives += 1;
    total.rides += open.reduce((sum, { rides }) => sum + rides.length, 0);
    total.bytes += await writeArchive(folder, facts, open);
    open = [];
  };
  for (const { month, rides } of sampleRides(sample, byDate)) {
    const all = [...carried, ...rides];
    carried = all.filter((ride) => fileMonthOf(facts, ride) > month);
    if (month < sample.from) continue;
    // Archives of quarters and years hold several months.
    if (open[0] && archiveName(facts, open[0].month) !== archiveName(facts, month)) await close();
    open.push({ month, rides: all.filter((ride) => fileMonthOf(facts, ride) <= month) });
  }
  await close();
  return total;
}

/** Writes the archive of one or more months. Returns its size in bytes. */
async function writeArchive(
  folder: string,
  facts: SystemFacts,
  months: readonly MonthOfRides[],
): Promise<number> {
  const { archive, published, csvs } = publishArchive(facts, archiveName(facts, months[0]!.month), months);
  const text = csvs.map((csv) => csv.text).join('');
  const content = archive.endsWith('.zip')
    ? await zipOf(
        csvs.flatMap(({ name, text }): ZipContent[] => [
          { name, content: Buffer.from(text) },
          { name: `__MACOSX/._${name}`, content: APPLE_DOUBLE },
        ]),
        published,
      )
    : archive.endsWith('.gz')
      ? gzipSync(text)
      : Buffer.from(text);
  await writeFile(path.join(folder, archive), content);
  return content.byteLength;
}

/** Is the content of the file that macOS's archiver adds beside each file: an AppleDouble header without content. */
export const APPLE_DOUBLE = Buffer.concat([
  Buffer.from([0x00, 0x05, 0x16, 0x07, 0x00, 0x02, 0x00, 0x00]),
  Buffer.alloc(112),
]);
