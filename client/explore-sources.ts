/** Provides local files for the exploratory report, from month data sets in S3 or from folders on disk. */
import { monthsOf } from '../contracts/calendar.ts';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { monthPointer } from '../activities/preprocess/month-folders.ts';
import { readStoredWeather } from '../activities/common/read-weather.ts';
import { weatherPointer } from '../activities/common/raw-data-folders.ts';
import { readPointer } from '../activities/common/pointer.ts';
import { ArtifactStore } from '../adapters/s3/artifact-store.ts';
import { ObjectStore } from '../adapters/s3/object-store.ts';
import { fileName } from '../adapters/tables/file-name.ts';
import type { ArtifactRef } from '../contracts/artifact.ts';
import { CitibikeError } from '../contracts/errors.ts';
import type { MonthDataset, WeatherDay } from '../contracts/frame.ts';
import type { Month, MonthSpan } from '../contracts/months.ts';
import {
  tripFileNames,
  parseWeatherFileName,
  REJECTED_FOLDER,
  SYNTHETIC_MARKER,
} from '../core/ingest/source-names.ts';
import type { Settings } from '../settings.ts';
import type { SystemFacts, SystemId } from '../contracts/systems.ts';
import type { HourFile } from './explore-hours.ts';
import type { StoredRuleSet } from '../contracts/stored-names.ts';

export interface ExploreSource {
  /** True if the files are copies of data sets in S3, not files from the user. */
  readonly isStored: boolean;
  /** Files of hours. A (date, hour) may repeat; its rows are summed. */
  readonly hours: readonly HourFile[];
  readonly flows: readonly string[];
  /** Weather files that come with the hours. */
  readonly weatherFiles: readonly string[];
  /** Weather that is stored in Postgres or S3. */
  readonly weather: readonly WeatherDay[];
  readonly missingMonths: readonly string[];
  readonly synthetic: boolean;
  /** Names the source in the report. */
  readonly description: string;
}

export interface ExploreSpan extends MonthSpan {
  readonly facts: SystemFacts;
  readonly rules: StoredRuleSet;
}

/** Lists the flow files that `citibike preprocess --out` writes beside `{system}-{month}.parquet`. */
const FLOWS_FILE = /^([a-z][a-z0-9-]*)-(\d{4}-\d{2})-flows\.parquet$/;
const MONTH_FILE = /^([a-z][a-z0-9-]*)-(\d{4}-\d{2})\.parquet$/;

/**
 * Finds month files of `citibike preprocess --out`, processed hours (`citibike-hourly-2024.parquet`) and weather
 * (`weather-daily-2024.csv`). Searches the folders and their direct subfolders.
 * @throws CitibikeError SOURCE_NOT_FOUND if they contain none of the months.
 */
export async function exploreFolders(
  folders: readonly string[],
  { facts, from, to }: ExploreSpan,
): Promise<ExploreSource> {
  const system = facts.id;
  const nameIn = tripFileNames(facts);
  const files = [...new Set((await Promise.all(folders.map(filesOf))).flat())].sort();
  const wanted = monthsOf({ from, to });
  const ofMonths = (pattern: RegExp) => filesByMonth(files, pattern, system, wanted);
  const [found, flows] = [ofMonths(MONTH_FILE), ofMonths(FLOWS_FILE)];
  // A month's own file has more columns than a processed year, so it takes precedence.
  const missing = wanted.filter((month) => !found.has(month));
  const hourly = files.filter((file) => {
    const parsed = nameIn(path.basename(file));
    return parsed?.kind === 'hourly' && parsed.months.some((month) => missing.includes(month));
  });
  const hours = [
    ...[...found].map(([month, file]) => ({ file, months: [month] })),
    ...hourly.map((file) => ({ file, months: missing })),
  ];
  if (hours.length === 0) {
    throw new CitibikeError(
      'SOURCE_NOT_FOUND',
      `no hours of ${system} ${from} to ${to} in ${folders.join(', ')}; expected ${system}-${from}.parquet as 'citibike preprocess --out' writes it, ` +
        `or a file of processed hours${otherHours(files, system)}`,
    );
  }
  const ofHourly = hourly.flatMap((file) => nameIn(path.basename(file))?.months ?? []);
  return {
    isStored: false,
    hours,
    flows: [...flows.values()],
    weatherFiles: files.filter((file) => parseWeatherFileName(path.basename(file)) !== undefined),
    weather: [],
    missingMonths: missing.filter((month) => !ofHourly.includes(month)),
    synthetic: files.some((file) => path.basename(file) === SYNTHETIC_MARKER),
    description: folders.join(', '),
  };
}

/** Describes what else the folders contain, for a message: months of another system, or other months of this one. */
function otherHours(files: readonly string[], system: SystemId): string {
  const months = files.flatMap((file) => {
    const [, of, month] = MONTH_FILE.exec(path.basename(file)) ?? [];
    return of === undefined || month === undefined ? [] : [{ of, month }];
  });
  const own = months.filter(({ of }) => of === system);
  const shown = own.length > 0 ? own : months;
  const [first, last] = [shown[0], shown.at(-1)];
  if (!first || !last) return '';
  const what = `; there are hours of ${first.of} from ${first.month} to ${last.month}`;
  return own.length > 0 ? what : `${what}: add --system ${first.of}`;
}

/**
 * Maps each month to its file.
 * @throws CitibikeError INVALID_INPUT if two files cover the same month, because their trips would count twice.
 */
function filesByMonth(
  files: readonly string[],
  pattern: RegExp,
  system: SystemId,
  wanted: readonly Month[],
): Map<Month, string> {
  const found = new Map<Month, string>();
  for (const file of files) {
    const [, of, month = ''] = pattern.exec(path.basename(file)) ?? [];
    if (of !== system || !wanted.includes(month)) continue;
    const other = found.get(month);
    if (other !== undefined) {
      throw new CitibikeError(
        'INVALID_INPUT',
        `${other} and ${file} are of the same month, expected one of them; remove one, or pass its folder alone`,
      );
    }
    found.set(month, file);
  }
  return found;
}

async function filesOf(given: string): Promise<string[]> {
  const folder = path.resolve(fileName(given));
  let names: string[];
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const below = entries
      .filter((entry) => entry.isDirectory() && entry.name !== REJECTED_FOLDER)
      .map((entry) => path.join(folder, entry.name));
    const deeper = await Promise.all(below.map(plainFilesOf));
    names = [...(await plainFilesOf(folder)), ...deeper.flat()];
  } catch (error) {
    throw new CitibikeError(
      'SOURCE_NOT_FOUND',
      `${given} is not a folder; expected one that 'citibike preprocess --out' wrote`,
      {},
      { cause: error },
    );
  }
  return names.sort();
}

async function plainFilesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(folder, entry.name));
}

/**
 * Downloads the newest data set of each month to `dir`. Uses real months if any was ever ingested, or else the synthetic
 * system's.
 * @throws CitibikeError MISSING_MONTHS if none of the months was ingested.
 */
export async function exploreStored(
  settings: Settings,
  span: ExploreSpan,
  dir: string,
): Promise<ExploreSource> {
  const objects = new ObjectStore(settings.s3);
  try {
    const artifacts = new ArtifactStore(objects);
    const real = await datasetsOf(objects, span, false);
    const datasets = real.length > 0 ? real : await datasetsOf(objects, span, true);
    const { rules, from, to } = span;
    const system = span.facts.id;
    if (datasets.length === 0) {
      throw new CitibikeError(
        'MISSING_MONTHS',
        `${system} ${from} to ${to} was never ingested by the rules '${rules}'; run ingest for these months first, or pass a folder with --months-dir`,
      );
    }
    const synthetic = datasets.some((each) => each.synthetic);
    const [hours, flows]: [HourFile[], string[]] = [[], []];
    for (const { month, ref, flows: flowsRef } of datasets) {
      const file = await download(artifacts, ref, path.join(dir, `${month}.parquet`));
      hours.push({ file, months: [month] });
      if (flowsRef) flows.push(await download(artifacts, flowsRef, path.join(dir, `${month}-flows.parquet`)));
    }
    const present = datasets.map(({ month }) => month);
    return {
      isStored: true,
      hours,
      flows,
      weatherFiles: [],
      weather: await storedWeather(
        artifacts,
        settings.sources.weatherStation ?? span.facts.weather.station,
        present,
        synthetic,
      ),
      missingMonths: monthsOf(span).filter((month) => !present.includes(month)),
      synthetic,
      description: `month data sets in s3://${objects.buckets.data}, rules '${rules}'`,
    };
  } finally {
    objects.close();
  }
}

async function datasetsOf(
  objects: ObjectStore,
  span: ExploreSpan,
  synthetic: boolean,
): Promise<MonthDataset[]> {
  const { rules } = span;
  const system = span.facts.id;
  const pointers = await Promise.all(
    monthsOf(span).map((month) =>
      readPointer<MonthDataset>(
        objects,
        monthPointer(objects.buckets.data, { system, rules, month, synthetic }),
      ),
    ),
  );
  return pointers.filter((pointer) => pointer !== undefined);
}

async function download(artifacts: ArtifactStore, ref: ArtifactRef, file: string): Promise<string> {
  await artifacts.readToFile(ref, file);
  return file;
}

async function storedWeather(
  artifacts: ArtifactStore,
  station: string,
  months: readonly string[],
  synthetic: boolean,
): Promise<WeatherDay[]> {
  const { objects } = artifacts;
  const years = [...new Set(months.map((month) => Number(month.slice(0, 4))))];
  const days: WeatherDay[] = [];
  for (const year of years) {
    const uri = weatherPointer(objects.buckets.data, station, synthetic, year);
    const pointer = await readPointer<{ ref: ArtifactRef }>(objects, uri);
    if (!pointer) continue;
    days.push(...(await readStoredWeather(await artifacts.read(pointer.ref), pointer.ref.uri)));
  }
  return days;
}
