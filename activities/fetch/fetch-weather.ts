import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Context } from '@temporalio/activity';
import type { SourceEntry } from '../../adapters/sources/entry.ts';
import { getDailySummaries } from '../../adapters/sources/noaa.ts';
import { copyFromSource, listSourceEntries } from '../../adapters/sources/source.ts';
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { FetchActivities } from '../../contracts/stages.ts';
import { SYNTHETIC_MARKER, parseWeatherFileName } from '../../core/quality/source-names.ts';
import { formatWeatherCsv, parseWeatherCsv, type WeatherRecord } from '../../core/quality/weather-csv.ts';
import { producerOf, type ActivityDependencies } from '../dependencies.ts';
import { weatherFolder, weatherPointer } from './layout.ts';
import { advancePointer } from './pointer.ts';
import { withTempDir } from './temp-dir.ts';

const WEATHER_SCHEMA_VERSION = 1;

/** One year as read: where from, and its days. */
interface WeatherYear {
  readonly year: number;
  readonly origins: readonly string[];
  readonly records: readonly WeatherRecord[];
}

/**
 * Weather is a few kilobytes and grows by the day, so it is read anew each time; content addresses make the second writing of the
 * same days the first one.
 */
export function createFetchWeather(deps: ActivityDependencies): FetchActivities['fetchWeather'] {
  return async ({ years, source, synthetic }) => {
    const wanted = [...new Set(years)].sort((a, b) => a - b);
    const found = await readYears(deps, wanted, source, synthetic);
    // The first year may be asked for its last days only: the day before the first month. Whether these are missed shows in the frame.
    const missing = wanted.filter(
      (year, index) =>
        (index > 0 || wanted.length === 1) &&
        !found.some((each) => each.year === year && each.records.length > 0),
    );
    if (missing.length > 0) {
      throw new CitibikeError(
        'SOURCE_NOT_FOUND',
        `no daily weather for ${missing.join(', ')} at ${source ?? deps.sources.weather}: expected files weather-daily-YYYY*.csv ` +
          'in a folder, or an access service of NOAA. Set WEATHER_SOURCE, or source.weather in the input.',
        { years: missing },
      );
    }
    const written = [];
    for (const year of found.filter(({ records }) => records.length > 0))
      written.push(await writeYear(deps, year, synthetic));
    return {
      weather: written.map(({ year, ref }) => ({ year, ref })),
      cached: written.every(({ existed }) => existed),
    };
  };
}

async function readYears(
  deps: ActivityDependencies,
  years: readonly number[],
  source: string | undefined,
  synthetic: boolean,
): Promise<WeatherYear[]> {
  // A synthetic system has its own weather; a real one of the same days would not match its demand.
  const address = source ?? (synthetic ? deps.sources.trips : deps.sources.weather);
  if (/^https?:/.test(address) && !synthetic) return readService(deps, address, years);
  const context = Context.current();
  const candidates = [...years.map((year) => `weather-daily-${year}.csv`), SYNTHETIC_MARKER];
  const entries = await listSourceEntries(address, candidates, {
    objects: deps.artifacts.objects,
    signal: context.cancellationSignal,
  });
  if (entries.some(({ name }) => name === SYNTHETIC_MARKER) !== synthetic) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `weather source ${address} is ${synthetic ? 'not ' : ''}synthetic (${SYNTHETIC_MARKER}), the trips are${synthetic ? '' : ' not'}: they do not belong together`,
    );
  }
  const files = entries.filter(({ name }) => parseWeatherFileName(name) !== undefined);
  // A folder of trips need not hold the weather; then the setting says where it is.
  if (files.length === 0 && !synthetic && address !== deps.sources.weather) {
    context.log.info(`no weather files in ${address}: reading ${deps.sources.weather}`);
    return readYears(deps, years, undefined, synthetic);
  }
  return readFiles(deps, files, years);
}

async function readService(
  deps: ActivityDependencies,
  service: string,
  years: readonly number[],
): Promise<WeatherYear[]> {
  const { weatherStation } = deps.sources;
  const found: WeatherYear[] = [];
  for (const year of years) {
    const text = await getDailySummaries(service, weatherStation, year, Context.current().cancellationSignal);
    const name = `NOAA daily summaries of ${weatherStation} ${year}`;
    const records = text.trim() === '' ? [] : parseWeatherCsv(text, name);
    found.push({ year, origins: [service], records: ofYear(records, year) });
  }
  return found;
}

async function readFiles(
  deps: ActivityDependencies,
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
      // Oldest first, so that of a day in two files the newer one's stays.
      const ofThatYear = files
        .filter(({ name }) => parseWeatherFileName(name) === year)
        .toSorted((a, b) => (a.modified ?? 0) - (b.modified ?? 0) || (a.name < b.name ? -1 : 1));
      for (const [index, file] of ofThatYear.entries()) {
        const local = path.join(dir, `${year}-${index}.csv`);
        await copyFromSource(file.url, local, { objects, signal });
        const records = parseWeatherCsv(await readFile(local, 'utf8'), file.name);
        for (const record of ofYear(records, year)) byDate.set(record.date, record);
        origins.push(file.url);
      }
      const records = [...byDate.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
      found.push({ year, origins, records });
    }
    return found;
  });
}

function ofYear(records: readonly WeatherRecord[], year: number): WeatherRecord[] {
  return records.filter(({ date }) => date.startsWith(`${year}-`));
}

async function writeYear(
  deps: ActivityDependencies,
  { year, origins, records }: WeatherYear,
  synthetic: boolean,
): Promise<{ year: number; ref: ArtifactRef; existed: boolean }> {
  const { artifacts, sources } = deps;
  const { objects } = artifacts;
  const content = Buffer.from(formatWeatherCsv(records));
  const folder = weatherFolder(objects.buckets.data, sources.weatherStation, synthetic);
  const pointer = weatherPointer(objects.buckets.data, sources.weatherStation, synthetic, year);
  const ref = await artifacts.write(producerOf('weather', deps.codeVersion), {
    name: `${year}.csv`,
    content,
    contentType: 'text/csv',
    schemaVersion: WEATHER_SCHEMA_VERSION,
    rows: records.length,
    inputs: [],
    parameters: { station: sources.weatherStation, year },
    facts: { sources: origins, firstDay: records[0]?.date ?? null, lastDay: records.at(-1)?.date ?? null },
    synthetic,
    uri: (sha256) => `${folder}/${sha256.slice(0, 12)}/${year}.csv`,
  });
  const advanced = await advancePointer(objects, pointer, { year, ref });
  return { year, ref, existed: !advanced };
}
