import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Context } from '@temporalio/activity';
import type { AllowedSource } from '../../adapters/sources/allow-list.ts';
import type { SourceEntry } from '../../adapters/sources/entry.ts';
import { getDailySummaries } from '../../adapters/sources/noaa.ts';
import { downloadFromSource, listSourceEntries } from '../../adapters/sources/source.ts';
import type { ObjectStore } from '../../adapters/s3/object-store.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { daysBetween } from '../../contracts/calendar.ts';
import { SYNTHETIC_MARKER, parseWeatherFileName } from '../../core/ingest/source-names.ts';
import {
  formatWeatherCsv,
  type WeatherReading,
  type WeatherRecord,
} from '../../core/ingest/weather-records.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';
import { weatherFolder, weatherPointer } from '../common/raw-data-folders.ts';
import { advancePointer, readPointer } from '../common/pointer.ts';
import { readStoredWeather, readWeatherCsv } from '../common/read-weather.ts';
import { withTempDir } from '../common/temp-dir.ts';
import type { SystemFacts } from '../../contracts/systems.ts';
import { factsOf, stationFor } from '../common/facts-of.ts';
import { sourcesOf } from './trips-source.ts';
import type { FetchActivities } from '../../contracts/activities/fetch.ts';

const WEATHER_SCHEMA_VERSION = 1;

/** Represents the weather of one year and its sources. */
interface WeatherYear {
  readonly year: number;
  readonly origins: readonly string[];
  /** Units of the sources. The records are in °F, inches and mph. */
  readonly units: readonly string[];
  readonly records: readonly WeatherRecord[];
}

/**
 * Creates the activity `fetchWeather`. It reads a few kilobytes that grow daily, so it does not use a cache. Content addresses
 * make a second write of the same days harmless.
 */
export function createFetchWeather(deps: ActivityDependencies): FetchActivities['fetchWeather'] {
  return async (input) => {
    const { years, source, synthetic, required } = input;
    const facts = await factsOf(deps, input);
    const wanted = [...new Set(years)].sort((a, b) => a - b);
    const found = await readYears(deps, facts, wanted, source, synthetic);
    // The first year may be listed only for the day before the first month. `buildFrame` reports whether that day is missing.
    const missing = wanted.filter(
      (year, index) =>
        (index > 0 || wanted.length === 1) &&
        !found.some((each) => each.year === year && each.records.length > 0),
    );
    if (required && missing.length > 0) {
      throw new CitibikeError(
        'SOURCE_NOT_FOUND',
        `no daily weather for ${missing.join(', ')} at ${source ?? deps.sources.weather}: expected files weather-daily-YYYY*.csv ` +
          'in a folder, or a service of NOAA. Set WEATHER_SOURCE, or source.weather in the input.',
        { years: missing },
      );
    }
    const written = [];
    for (const year of found.filter(({ records }) => records.length > 0))
      written.push(await writeYear(deps, facts, year, synthetic));
    return {
      weather: written.map(({ year, ref }) => ({ year, ref })),
      cached: written.every(({ existed }) => existed),
    };
  };
}

async function readYears(
  deps: ActivityDependencies,
  facts: SystemFacts,
  years: readonly number[],
  source: string | undefined,
  synthetic: boolean,
): Promise<WeatherYear[]> {
  // A synthetic system has its own weather. Real weather of the same days would not match its demand.
  const address = source ?? (synthetic ? (deps.sources.trips ?? facts.trips.source) : deps.sources.weather);
  const setting = synthetic ? 'TRIPS_SOURCE' : 'WEATHER_SOURCE';
  const allowed = (await sourcesOf(deps, facts)).check(address, source ? 'source.weather' : setting);
  if (allowed.scheme === 'http' && !synthetic) return readService(deps, facts, allowed, years);
  const context = Context.current();
  const candidates = [...years.map((year) => `weather-daily-${year}.csv`), SYNTHETIC_MARKER];
  const entries = await listSourceEntries(allowed, candidates, {
    objects: deps.artifacts.objects,
    signal: context.cancellationSignal,
  });
  if (entries.some(({ name }) => name === SYNTHETIC_MARKER) !== synthetic) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `weather source ${address} is ${synthetic ? 'not ' : ''}synthetic (${SYNTHETIC_MARKER}), the trips are${synthetic ? '' : ' not'}. Choose sources of the same kind`,
    );
  }
  const files = entries.filter(({ name }) => parseWeatherFileName(name) !== undefined);
  // A folder of trips may lack weather. The setting then has the address.
  if (files.length === 0 && !synthetic && address !== deps.sources.weather) {
    context.log.info(`no weather files in ${address}: reading ${deps.sources.weather}`);
    return readYears(deps, facts, years, undefined, synthetic);
  }
  return readFiles(deps, facts, allowed, files, years);
}

async function readService(
  deps: ActivityDependencies,
  facts: SystemFacts,
  service: AllowedSource,
  years: readonly number[],
): Promise<WeatherYear[]> {
  const { weather, noaaToken } = deps.sources;
  const station = stationFor(deps, facts);
  const found: WeatherYear[] = [];
  for (const year of years) {
    const text = await getDailySummaries(service, {
      station,
      year,
      credential: { token: noaaToken, service: weather },
      signal: Context.current().cancellationSignal,
    });
    const name = `NOAA daily summaries of ${station} ${year}`;
    // The request asks for standard units, but an answer does not state its units.
    const { records, units } =
      text.trim() === ''
        ? { records: [], units: 'imperial' }
        : await readWeatherCsv(text, name, { ...readingOf(deps, facts), expected: 'imperial' });
    found.push({ year, origins: [service.url], units: [units], records: ofYear(records, year) });
  }
  return found;
}

function readingOf(deps: ActivityDependencies, facts: SystemFacts): WeatherReading {
  const { weatherUnits } = deps.sources;
  return {
    station: stationFor(deps, facts),
    normalHighs: facts.weather.normalHighs,
    ...(weatherUnits && weatherUnits !== 'auto' ? { units: weatherUnits } : {}),
  };
}

async function readFiles(
  deps: ActivityDependencies,
  facts: SystemFacts,
  source: AllowedSource,
  files: readonly SourceEntry[],
  years: readonly number[],
): Promise<WeatherYear[]> {
  const { signal, objects } = {
    signal: Context.current().cancellationSignal,
    objects: deps.artifacts.objects,
  };
  return withTempDir(async (dir) => {
    const found: WeatherYear[] = [];
    for (const year of years) {
      const byDate = new Map<string, WeatherRecord>();
      const origins: string[] = [];
      const units: string[] = [];
      // Oldest first, so that newer files replace days of older ones.
      const ofThatYear = files
        .filter(({ name }) => parseWeatherFileName(name) === year)
        .toSorted((a, b) => (a.modified ?? 0) - (b.modified ?? 0) || (a.name < b.name ? -1 : 1));
      for (const [index, file] of ofThatYear.entries()) {
        const local = path.join(dir, `${year}-${index}.csv`);
        await downloadFromSource(
          source.at(file.url),
          local,
          { objects, signal },
          { etag: null, bytes: file.bytes },
        );
        const read = await readWeatherCsv(await readFile(local), file.name, readingOf(deps, facts));
        for (const record of ofYear(read.records, year)) byDate.set(record.date, record);
        origins.push(file.url);
        units.push(read.units);
      }
      const records = [...byDate.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
      found.push({ year, origins, units, records });
    }
    return found;
  });
}

function ofYear(records: readonly WeatherRecord[], year: number): WeatherRecord[] {
  return records.filter(({ date }) => date.startsWith(`${year}-`));
}

/** Returns the days of the year that earlier sources provided. */
async function knownDays(objects: ObjectStore, pointer: string): Promise<WeatherRecord[]> {
  const newest = await readPointer<{ ref: ArtifactRef }>(objects, pointer);
  if (!newest) return [];
  const { uri } = newest.ref;
  return readStoredWeather(await objects.get(uri), uri);
}

/** Merges new days over known ones, so that a source of one month keeps the rest of its year. */
function withKnownDays(
  known: readonly WeatherRecord[],
  read: readonly WeatherRecord[],
): { records: WeatherRecord[]; kept: number } {
  const byDate = new Map([...known, ...read].map((record) => [record.date, record]));
  const records = [...byDate.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
  return { records, kept: records.length - read.length };
}

/** Returns days without a record between the first and last. Frames fill them from earlier days and flag them. */
function missingDays(records: readonly WeatherRecord[]): string[] {
  const [first, last] = [records[0], records.at(-1)];
  if (!first || !last) return [];
  const there = new Set(records.map(({ date }) => date));
  return daysBetween(first.date, last.date).filter((date) => !there.has(date));
}

async function writeYear(
  deps: ActivityDependencies,
  facts: SystemFacts,
  { year, origins, units, records: read }: WeatherYear,
  synthetic: boolean,
): Promise<{ year: number; ref: ArtifactRef; existed: boolean }> {
  const { artifacts } = deps;
  const { objects } = artifacts;
  const station = stationFor(deps, facts);
  const folder = weatherFolder(objects.buckets.data, station, synthetic);
  const pointer = weatherPointer(objects.buckets.data, station, synthetic, year);
  const { records, kept } = withKnownDays(await knownDays(objects, pointer), read);
  const content = Buffer.from(formatWeatherCsv(records));
  const ref = await artifacts.write(producerOf('weather', deps.codeVersion), {
    name: `${year}.csv`,
    content,
    contentType: 'text/csv',
    schemaVersion: WEATHER_SCHEMA_VERSION,
    rows: records.length,
    inputs: [],
    parameters: { station, year },
    facts: {
      sources: origins,
      writtenIn: units,
      // Days that only earlier sources have.
      keptDays: kept,
      firstDay: records[0]?.date ?? null,
      lastDay: records.at(-1)?.date ?? null,
      missingDays: missingDays(records),
    },
    synthetic,
    uri: (sha256) => `${folder}/${sha256.slice(0, 12)}/${year}.csv`,
  });
  const advanced = await advancePointer(objects, pointer, { year, ref });
  return { year, ref, existed: !advanced };
}
