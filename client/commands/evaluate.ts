import { tensorflowNetwork } from '../../adapters/tensorflow/tensorflow-network.ts';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { Command, Option } from 'commander';
import { readWeatherFiles } from '../../activities/common/read-weather.ts';
import { fileName } from '../../adapters/tables/file-name.ts';
import { sumHourlyFiles } from '../../adapters/tables/hourly-files.ts';
import { checkedSpan } from '../../contracts/checked-dates.ts';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import type { FrameRow } from '../../contracts/frame.ts';
import type { RegressionMetrics, ModelSpec } from '../../contracts/model.ts';
import type { SystemId } from '../../contracts/systems.ts';
import { showValue } from '../../contracts/show-value.ts';
import { WEATHER_COLUMNS } from '../../contracts/weather-columns.ts';
import { groupedMetrics } from '../../core/evaluation/evaluation-groups.ts';
import { counted } from '../../contracts/outcome.ts';
import { score } from '../../core/evaluation/evaluation.ts';
import { regressionMetrics } from '../../core/evaluation/regression-metrics.ts';
import { loadModelFiles } from '../../core/serving/serving-model.ts';
import { UNIT_SYSTEMS, type UnitSystem } from '../../core/ingest/unit-systems.ts';
import { fillWeather } from '../../core/ingest/weather-fill.ts';
import { loadSettings } from '../../settings.ts';
import { print, printNote } from '../print.ts';
import { scaleNote } from '../scale-note.ts';
import { knownSystems } from '../system-option.ts';
import { noteIndexColumnsOf, noteRepeatedHours } from '../table-notes.ts';
import { epochDayOf } from '../../contracts/calendar.ts';
import { normalHighsOfModel, placeOfModel } from '../../contracts/former-place.ts';
import { isHoliday } from '../../core/features/holidays.ts';

interface EvaluateOptions {
  readonly hourly: readonly string[];
  readonly weather: readonly string[];
  readonly weatherUnits: UnitSystem | 'auto';
  readonly weatherStation?: string;
  readonly from?: string;
  readonly to?: string;
  readonly json?: boolean;
}

/** Matches `models:/NAME@ALIAS` and `models:/NAME/VERSION`. */
const MODEL_URI = /^models:\/([^/@]+)(?:@([^/]+)|\/(\d+))$/;

/** `citibike evaluate models:/citibike-trips@champion --hourly 2025.parquet --weather 2025.csv` */
export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('Scores a model on past hours.')
    .argument(
      '<model>',
      'models:/NAME@ALIAS, models:/NAME/VERSION, or a folder with model.json and spec.json',
    )
    .requiredOption(
      '--hourly <files...>',
      'CSV, TSV or parquet files with date, hour, trips; a repeated hour is summed',
    )
    .requiredOption(
      '--weather <files...>',
      `NOAA daily summaries as CSV, TSV or parquet: DATE, ${WEATHER_COLUMNS.join(', ')}`,
    )
    .option(
      '--weather-station <id>',
      'station whose rows are used if the files have a column STATION; default: the setting WEATHER_STATION, or the station of the system',
    )
    .addOption(
      new Option(
        '--weather-units <system>',
        'units of the weather files; auto detects them from columns and values',
      )
        .choices(['auto', ...UNIT_SYSTEMS])
        .default('auto'),
    )
    .option('--from <date>', 'first day to score, YYYY-MM-DD')
    .option('--to <date>', 'last day to score, YYYY-MM-DD')
    .option('--json', 'print the result as JSON')
    .action(async (model: string, options: EvaluateOptions) => run(model, options));
}

async function run(name: string, options: EvaluateOptions): Promise<void> {
  const model = await loadModelFiles(await modelFilesOf(name), tensorflowNetwork);
  const { rows, withoutWeather } = await rowsOf(options, model.spec);
  const { trainedOn } = model.spec;
  const seen = rows.filter(
    ({ date }) => date.slice(0, 7) >= trainedOn.from && date.slice(0, 7) <= trainedOn.to,
  );
  const scored = score(model, rows);
  const metrics = regressionMetrics(scored);
  const result = {
    model: name,
    /** Metrics at the top level as well, for readers that look for them there. */
    ...metrics,
    trainedOn,
    scoredOn: { from: rows[0]!.date, to: rows.at(-1)!.date },
    /** Hours that the model was fitted on; their metrics are too optimistic. */
    hoursTrainedOn: seen.length,
    hoursWithoutWeather: withoutWeather,
    hoursWithFilledWeather: rows.filter((row) => row.weather_filled).length,
    metrics,
    ...groupedMetrics(rows, scored),
  };
  print(options.json ? `${JSON.stringify(result, null, 2)}\n` : textOf(result));
  printNote(scaleNote(trainedOn.system, scored));
  if (withoutWeather > 0) {
    printNote(`note: ${counted(withoutWeather, 'hour')} before the first day of weather left out\n`);
  }
  if (seen.length > 0) {
    printNote(
      `note: ${seen.length} of these hours are in the training span ${trainedOn.from} to ${trainedOn.to}; score later months\n`,
    );
  }
}

async function modelFilesOf(name: string): Promise<Record<string, Uint8Array>> {
  const [, model, alias, version] = MODEL_URI.exec(name) ?? [];
  if (model) return registeredFiles(model, alias, version);
  const folder = fileName(name);
  try {
    const files = await readdir(folder, { withFileTypes: true });
    const contents = files
      .filter((file) => file.isFile())
      .map(async (file) => [file.name, await readFile(path.join(folder, file.name))] as const);
    return Object.fromEntries(await Promise.all(contents));
  } catch (error) {
    throw new CitibikeError(
      'MODEL_NOT_FOUND',
      `model: got ${showValue(name)}, expected models:/NAME@ALIAS, models:/NAME/VERSION or a folder (${messageOf(error)})`,
      {},
      { cause: error },
    );
  }
}

async function registeredFiles(
  model: string,
  alias: string | undefined,
  version: string | undefined,
): Promise<Record<string, Uint8Array>> {
  // A model in a folder needs no server, so these imports are loaded only for a registered one.
  const { MlflowClient } = await import('../../adapters/mlflow/mlflow-client.ts');
  const mlflow = new MlflowClient(loadSettings().mlflow);
  const number = version ?? (await mlflow.getVersionByAlias(model, alias!)).version;
  return mlflow.downloadModelFiles(model, number);
}

interface ScoredHours {
  readonly rows: readonly FrameRow[];
  /** Number of hours before the first day of weather. A quarter's file begins with such strays of the month before. */
  readonly withoutWeather: number;
}

/** Returns the station of the system on which the model was trained, if this machine knows the system. */
async function stationOf(system: SystemId): Promise<string | undefined> {
  const systems = knownSystems();
  return (await systems.ids()).includes(system) ? (await systems.get(system)).weather.station : undefined;
}

async function rowsOf(options: EvaluateOptions, spec: ModelSpec): Promise<ScoredHours> {
  const place = placeOfModel(spec);
  const { from, to } = checkedSpan('day', options);
  const { hours: all, repeated } = await sumHourlyFiles(
    options.hourly.map((file) => ({ name: file, file })),
    place,
    { firstDay: from ?? '0001-01-01', lastDay: to ?? '9999-12-31' },
  );
  noteRepeatedHours(repeated);
  const units = options.weatherUnits === 'auto' ? undefined : options.weatherUnits;
  const station =
    options.weatherStation ??
    loadSettings().sources.weatherStation ??
    (await stationOf(spec.trainedOn.system));
  const observed = await readWeatherFiles(options.weather, {
    units,
    station,
    normalHighs: normalHighsOfModel(spec),
  });
  await noteIndexColumnsOf([...options.hourly, ...options.weather]);
  const firstObserved = observed.map(({ date }) => date).sort()[0] ?? '';
  const hours = all.filter(({ date }) => date >= firstObserved);
  const [first, last] = [hours[0], hours.at(-1)];
  if (!first || !last) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `--hourly: no hour in ${options.hourly.join(', ')} has weather; the weather begins on ${firstObserved || 'no day'}`,
    );
  }
  const weather = new Map(fillWeather(observed, first.date, last.date).map((day) => [day.date, day]));
  const rows = hours.map((row) => ({
    ...row,
    holiday: isHoliday(place.holidays, epochDayOf(row.date)) ? 1 : 0,
    ...weather.get(row.date)!,
  }));
  return { rows, withoutWeather: all.length - hours.length };
}

function textOf(result: {
  readonly scoredOn: { readonly from: string; readonly to: string };
  readonly hoursWithFilledWeather: number;
  readonly metrics: RegressionMetrics;
  readonly byMonth: Readonly<Record<string, RegressionMetrics>>;
}): string {
  const { metrics, byMonth, scoredOn } = result;
  return [
    `${metrics.rows} hours, ${scoredOn.from} to ${scoredOn.to}; weather carried forward for ${result.hoursWithFilledWeather} of them`,
    lineOf('all', metrics),
    ...Object.entries(byMonth).map(([month, each]) => lineOf(month, each)),
    '',
  ].join('\n');
}

function lineOf(name: string, metrics: RegressionMetrics): string {
  const { rmse, mae, r2, bias, mape, coverage, width, winkler } = metrics;
  const interval =
    coverage === undefined || width === undefined || winkler === undefined
      ? ''
      : `  inside 90 % interval ${(100 * coverage).toFixed(1)} %, width ${width.toFixed(0)}, Winkler ${winkler.toFixed(0)}`;
  return `${name.padEnd(8)} RMSE ${rmse.toFixed(0)}  MAE ${mae.toFixed(0)}  R² ${r2.toFixed(3)}  bias ${bias.toFixed(0)}  MAPE ${mape.toFixed(1)} %${interval}`;
}
