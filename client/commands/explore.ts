import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { readWeatherFiles } from '../../activities/common/read-weather.ts';
import { ObjectStore } from '../../adapters/s3/object-store.ts';
import { fileName } from '../../adapters/tables/file-name.ts';
import { withTempDir } from '../../activities/common/temp-dir.ts';
import { checkedSpan } from '../../contracts/checked-dates.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { explorationKey, type Exploration } from '../../contracts/exploration.ts';
import { DEFAULT_SYSTEM, type SystemFacts, type SystemId } from '../../contracts/systems.ts';
import { storedName, type StoredRuleSet } from '../../contracts/stored-names.ts';
import { exploreHours, wholeMonths } from '../../core/report/explore/explore-data.ts';
import { explorePage } from '../../core/report/explore/explore-page.ts';
import { readExploreFlows } from '../explore-flows.ts';
import { readExploreHours } from '../explore-hours.ts';
import { exploreFolders, exploreStored, type ExploreSource, type ExploreSpan } from '../explore-sources.ts';
import { loadSettings } from '../../settings.ts';
import { print, printNote } from '../print.ts';
import { readStationNames } from '../station-names.ts';
import { noteFilesRead, noteIndexColumnsOf, noteRepeatedHours } from '../table-notes.ts';
import { rulesOption } from '../rules-option.ts';
import { knownSystems, systemOption } from '../system-option.ts';

interface ExploreOptions {
  readonly from: string;
  readonly to: string;
  readonly system: SystemId;
  readonly rules: StoredRuleSet;
  readonly data?: string;
  readonly monthsDir?: string;
  readonly weather?: readonly string[];
  readonly weatherStation?: string;
  readonly stations?: string;
  readonly out?: string;
  readonly publish?: boolean;
}

/** Sets the number of stations and routes shown. */
const TOP = 15;

/** `citibike explore --from 2024-01 --to 2025-03` */
export async function exploreCommand(): Promise<Command> {
  return new Command('explore')
    .description(
      'Writes an exploratory report as one HTML file: trips by hour, weekday and month, riders, bikes, durations, weather, stations, growth.',
    )
    .requiredOption('--from <month>', 'first month, YYYY-MM')
    .requiredOption('--to <month>', 'last month, YYYY-MM')
    .addOption((await systemOption('system')).default(DEFAULT_SYSTEM))
    .addOption(rulesOption())
    .option(
      '--months-dir <folder>',
      "read the output of 'citibike preprocess --out' in this folder, without a server; default: the data sets in S3",
    )
    .option(
      '--data <folder>',
      'read processed hours (citibike-hourly-*.parquet) and weather-daily-*.csv in this folder',
    )
    .option('--weather <file...>', 'files of daily weather, as CSV, TSV or parquet')
    .option(
      '--weather-station <id>',
      'station whose rows are used if the files have a column STATION; default: the setting WEATHER_STATION, or the station of the system',
    )
    .option(
      '--stations <file>',
      'GBFS station_information.json (version 1, 2 or 3), for names instead of ids',
    )
    .option('--out <file>', 'page to write; default: explore-SYSTEM-FROM-TO.html')
    .option('--publish', 'also store the page in S3, for the page Data of the console')
    .action(async (options: ExploreOptions) => explore(options));
}

async function explore(options: ExploreOptions): Promise<void> {
  const facts = await knownSystems().get(options.system);
  const span = spanOf(options, facts);
  await withTempDir(async (dir) => {
    const names = options.stations
      ? await readStationNames(fileName(options.stations))
      : new Map<string, string>();
    const source = await sourceOf(options, span, dir);
    const { hours: rows, fragments } = wholeMonths(
      await readExploreHours(source.hours, span, facts, noteRepeatedHours),
    );
    if (rows.length === 0) {
      throw new CitibikeError(
        'SOURCE_NOT_FOUND',
        `${source.description} has no whole month of ${facts.id} from ${span.from} to ${span.to}`,
      );
    }
    const weatherFiles = [...source.weatherFiles, ...(options.weather ?? [])];
    const station = options.weatherStation ?? loadSettings().sources.weatherStation ?? facts.weather.station;
    const weather = [
      ...source.weather,
      ...(await readWeatherFiles(weatherFiles, { station, normalHighs: facts.weather.normalHighs })),
    ];
    const hours = exploreHours(rows, weather);
    const flows = source.flows.length > 0 ? await readExploreFlows(source.flows, names, TOP) : null;
    const { synthetic, description } = source;
    const missingMonths = [...source.missingMonths, ...fragments].sort();
    const page = explorePage({
      system: facts.id,
      synthetic,
      source: description,
      hours,
      flows,
      missingMonths,
    });
    const out = fileName(options.out ?? `explore-${facts.id}-${span.from}-${span.to}.html`);
    await writeFile(out, page);
    if (options.publish) {
      const { from, to } = span;
      const folder = storedName(facts.id, synthetic);
      printNote(`published: ${await publish(page, { system: folder, rules: span.rules, from, to })}\n`);
    }
    await noteRead({ ...source, weatherFiles }, options.stations);
    if (missingMonths.length > 0) printNote(`missing months: ${missingMonths.join(', ')}\n`);
    print(`${out}: ${hours.trips} trips in ${hours.hours} hours, ${hours.from} to ${hours.to}\n`);
  });
}

/** Stores a page in the artifacts bucket, and returns its address. */
async function publish(page: string, exploration: Exploration): Promise<string> {
  const objects = new ObjectStore(loadSettings().s3);
  try {
    const uri = `s3://${objects.buckets.artifacts}/${explorationKey(exploration)}`;
    await objects.put(uri, page, { contentType: 'text/html; charset=utf-8' });
    return uri;
  } finally {
    objects.close();
  }
}

/** Prints the files that the user provided, and what was left out of them. */
async function noteRead(
  { isStored, hours, flows, weatherFiles }: ExploreSource,
  stations: string | undefined,
): Promise<void> {
  const tables = [...(isStored ? [] : hours.map(({ file }) => file)), ...weatherFiles];
  noteFilesRead([...tables, ...(isStored ? [] : flows), ...(stations === undefined ? [] : [stations])]);
  await noteIndexColumnsOf(tables);
}

function spanOf({ from, to, rules }: ExploreOptions, facts: SystemFacts): ExploreSpan {
  return { ...checkedSpan('month', { from, to }), facts, rules };
}

async function sourceOf(options: ExploreOptions, span: ExploreSpan, dir: string): Promise<ExploreSource> {
  const folders = [options.monthsDir, options.data].filter((folder) => folder !== undefined);
  if (folders.length > 0) return exploreFolders(folders, span);
  return exploreStored(loadSettings(), span, dir);
}
