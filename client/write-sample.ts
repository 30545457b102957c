/** Writes the synthetic system to a folder that serves as a `file://` source: archives, weather, and a marker that they are synthetic. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CitibikeError } from '../contracts/errors.ts';
import type { Month } from '../contracts/months.ts';
import { addMonths, daysBetween, monthsOf } from '../contracts/calendar.ts';
import { SYNTHETIC_MARKER } from '../core/ingest/source-names.ts';
import { formatWeatherCsv, type WeatherRecord } from '../core/ingest/weather-records.ts';
import { FIRST_MODERN_MONTH, publishMonth } from '../core/sample/publish.ts';
import { fileMonthOf, sampleDays, sampleRides, type Ride } from '../core/sample/rides.ts';
import { sampleWeather } from '../core/sample/weather.ts';
import type { System } from '../contracts/options.ts';
import { zipOf, type ZipContent } from './zip-of.ts';

export interface WriteSampleOptions {
  /** Folder to create. An earlier sample in it is replaced; any other content is rejected. */
  readonly out: string;
  readonly system?: System;
  readonly from?: Month;
  readonly to?: Month;
  /** Mean number of valid rides per month. */
  readonly ridesPerMonth?: number;
  readonly seed?: number;
}

export interface WrittenSample {
  readonly archives: number;
  readonly rides: number;
  readonly bytes: number;
}

export const SAMPLE_DEFAULTS = {
  system: 'nyc',
  from: '2024-01',
  to: '2025-03',
  ridesPerMonth: 20_000,
  seed: 42,
} as const;

/** Minimum; with fewer rides, hours without rides look like missing data. */
const LEAST_RIDES_A_MONTH = 2_000;

/** Days without weather, in the third month from the end. */
const MISSING_DAYS = ['11', '19'];

/** Writes the months. The same options give the same files. */
export async function writeSample(options: WriteSampleOptions): Promise<WrittenSample> {
  const { out, ...given } = options;
  const sample = { ...SAMPLE_DEFAULTS, ...given };
  check(sample);
  return writeSampleFolder(out, sample, async (folder) => {
    const { firstDay, lastDay } = sampleDays(sample.from, sample.to);
    const weather = sampleWeather(daysBetween(firstDay, lastDay), sample.seed);
    await writeWeather(folder, weather, sample.from, sample.to);
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
  about: object,
  write: (folder: string) => Promise<T>,
): Promise<T> {
  await rejectForeignFolder(out);
  const partial = `${path.resolve(out)}.partial-${process.pid}`;
  try {
    await mkdir(partial, { recursive: true });
    const written = await write(partial);
    const label = { synthetic: true, note: 'synthetic rides and weather, not Citi Bike data', ...about };
    await writeFile(path.join(partial, SYNTHETIC_MARKER), `${JSON.stringify(label, null, 2)}\n`);
    await rm(out, { recursive: true, force: true });
    await rename(partial, path.resolve(out));
    return written;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

function check(sample: { from: Month; to: Month; ridesPerMonth: number }): void {
  const { from, to, ridesPerMonth } = sample;
  if (monthsOf({ from, to }).length === 0)
    throw new CitibikeError('INVALID_INPUT', `from ${from} is after to ${to}`);
  if (from < FIRST_MODERN_MONTH) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `from ${from}: sample months begin with ${FIRST_MODERN_MONTH}, the first of the modern layout`,
    );
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
  sample: Required<Omit<WriteSampleOptions, 'out'>>,
  weather: readonly WeatherRecord[],
): Promise<WrittenSample> {
  const byDate = new Map(weather.map((day) => [day.date, day]));
  let carried: Ride[] = [];
  const total = { archives: 0, rides: 0, bytes: 0 };
  for (const { month, rides } of sampleRides(sample, byDate)) {
    const all = [...carried, ...rides];
    carried = all.filter((ride) => fileMonthOf(sample.system, ride) > month);
    if (month < sample.from) continue;
    const own = all.filter((ride) => fileMonthOf(sample.system, ride) <= month);
    const { archive, published, csvs } = publishMonth(sample.system, month, own);
    const entries = csvs.flatMap(({ name, text }): ZipContent[] => [
      { name, content: Buffer.from(text) },
      { name: `__MACOSX/._${name}`, content: APPLE_DOUBLE },
    ]);
    const zip = await zipOf(entries, published);
    await writeFile(path.join(folder, archive), zip);
    total.archives += 1;
    total.rides += own.length;
    total.bytes += zip.byteLength;
  }
  return total;
}

/** Content of the file that macOS's archiver adds beside each file: an AppleDouble header without content. */
export const APPLE_DOUBLE = Buffer.concat([
  Buffer.from([0x00, 0x05, 0x16, 0x07, 0x00, 0x02, 0x00, 0x00]),
  Buffer.alloc(112),
]);
