import { Command, Option } from 'commander';
import type { ObjectStore as ObjectStoreType } from '../../adapters/s3/object-store.ts';
import {
  BatchPredictionInput,
  INPUT_EXTENSIONS,
  OUTPUT_EXTENSIONS,
  type UnitsOfWeather,
} from '../../contracts/workflows/batch-prediction.ts';
import { FORECAST_HOURS } from '../../contracts/demand-forecast.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { hourToPredict } from '../../contracts/hour-to-predict.ts';
import { parseInput } from '../../contracts/parse-input.ts';
import { showValue } from '../../contracts/show-value.ts';
import {
  REQUIRED_WEATHER_INPUTS,
  WEATHER_INPUT_FACTS,
  type WeatherOption,
} from '../../contracts/weather-columns.ts';
import { loadSettings } from '../../settings.ts';
import type {
  Forecast,
  PredictionClient,
  TripRow,
} from '../../adapters/prediction-client/prediction-client.ts';
import { inferenceClient } from '../inference-client.ts';
import { predictionText } from '../prediction-text.ts';
import { print, printNote } from '../print.ts';
import { noteIndexColumns } from '../table-notes.ts';

interface PredictOptions extends Partial<Record<WeatherOption, number>> {
  readonly date?: string;
  readonly file?: string;
  readonly out?: string;
  readonly model?: string;
  readonly alias: string;
  readonly version?: string;
  readonly holiday?: boolean;
  readonly units?: UnitsOfWeather;
  readonly forecast?: boolean;
  readonly url?: string;
  readonly json?: boolean;
}

/** `citibike predict --date 2025-01-15T08:00:00 --tmax 40 --tmin 30 --snow 0` */
export function predictCommand(): Command {
  const command = new Command('predict')
    .description(
      'Asks the prediction service for one hour, or predicts every hour of a file without the service. Without weather, the service takes that of its forecast.',
    )
    .option('--date <time>', 'local time of the system as YYYY-MM-DDTHH:MM[:SS] without a zone');
  for (const { option, description, unit, assumed } of WEATHER_INPUT_FACTS) {
    const flag = flagOf(option);
    const note = assumed === undefined ? '' : `; default: ${assumed}`;
    command.option(`${flag} <number>`, `${description}, ${unit}${note}`, (text) => numberOf(flag, text));
  }
  return command
    .addOption(
      new Option(
        '--units <system>',
        'units of the weather: °F, inches and mph, or °C, mm (also of snow) and m/s; default: imperial',
      ).choices(['imperial', 'metric']),
    )
    .option('--holiday', 'the day is a holiday; default: the calendar of the model')
    .option('--no-holiday', 'the day is not a holiday, even if the calendar says so')
    .option('--forecast', 'the weather is a forecast: count the prediction in live accuracy')
    .option('--url <address>', 'address of the service; default: from the settings')
    .option(
      '--file <file>',
      `${INPUT_EXTENSIONS} with date, ${REQUIRED_WEATHER_INPUTS.join(', ')} and optional columns; also s3://`,
    )
    .option(
      '--out <file>',
      `file for its columns with prediction, lower, upper, imputed, warnings: ${OUTPUT_EXTENSIONS}; also s3://`,
    )
    .option('--model <model>', 'for --file: registered model; default: the setting MODEL_NAME')
    .option('--alias <alias>', 'for --file: alias of the version', 'champion')
    .option('--version <number>', 'for --file: version number instead of an alias')
    .option('--json', 'print the answer as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  citibike predict --date 2025-01-15T08:00 --tmax 40 --tmin 30 --snow 0\n  citibike predict --date 2026-12-01T08:00   # an hour that the forecast reaches\n  citibike predict --file 2025.csv --out predicted.parquet',
    )
    .action(async (options: PredictOptions) =>
      options.file === undefined ? predict(options) : predictWholeFile(options),
    );
}

function numberOf(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new CitibikeError('INVALID_INPUT', `${flag}: got ${showValue(text)}, expected a number`);
}

function flagOf(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * Returns the row of the request. Without any weather, the service takes that of its forecast.
 * @throws CitibikeError INVALID_INPUT that names the options that are missing or wrong.
 */
function rowOf(given: PredictOptions): TripRow {
  const { date, holiday, ...options } = given;
  const hasWeather = givesWeather(given);
  const weather = Object.fromEntries(
    hasWeather
      ? WEATHER_INPUT_FACTS.map(({ name, option, assumed }) => [name, options[option] ?? assumed])
      : [],
  );
  const row = { date, ...(holiday === undefined ? {} : { holiday: holiday ? 1 : 0 }) };
  const missing = hasWeather ? 'reject' : 'impute';
  const hour = hourToPredict({ ...row, weather }, { metric: options.units === 'metric', missing });
  if (!Array.isArray(hour)) return { ...row, ...weather } as TripRow;
  const named = hour.map((problem) => ({ ...problem, flag: flagOfField(problem.field) }));
  const absent = named.filter(({ got }) => got === undefined).map(({ flag }) => flag);
  throw new CitibikeError(
    'INVALID_INPUT',
    absent.length > 0
      ? `${absent.join(', ')}: missing; give the hour with its weather or without any, or --file and --out`
      : named
          .map(({ flag, got, expected }) => `${flag}: got ${showValue(got)}, expected ${expected}`)
          .join('; '),
  );
}

function flagOfField(field: string): string {
  return flagOf(WEATHER_INPUT_FACTS.find(({ name }) => name === field)?.option ?? field);
}

function givesWeather(options: PredictOptions): boolean {
  return WEATHER_INPUT_FACTS.some(({ option }) => options[option] !== undefined);
}

async function predict(options: PredictOptions): Promise<void> {
  const row = rowOf(options);
  const client = inferenceClient(loadSettings().inference, options.url);
  const call = client.predictTrip([row], {
    interval: 0.9,
    units: options.units,
    whatIf: options.forecast !== true,
  });
  const answer = await (givesWeather(options) ? call : call.catch(nameWeatherOptions));
  if (options.json) return print(`${JSON.stringify(answer, null, 2)}\n`);
  const [prediction] = answer.predictions;
  const forecast = prediction!.weather ? await newestForecast(client) : undefined;
  print(predictionText(prediction!, row.date, forecast));
}

/** Adds the options of the command to the rejection of a row without weather. */
function nameWeatherOptions(error: unknown): never {
  if (!(error instanceof CitibikeError && error.code === 'INVALID_INPUT')) throw error;
  throw new CitibikeError(
    error.code,
    `${error.message}. To give the weather: --tmax, --tmin`,
    error.details,
    {
      cause: error,
    },
  );
}

/** Returns the forecast whose values are shown. The prediction has been made, so a failure only leaves them out. */
function newestForecast(client: PredictionClient): Promise<Forecast | undefined> {
  return client.forecast({ hours: FORECAST_HOURS }).catch(() => undefined);
}

/** Predicts in this process with the version's own files, without the service. */
async function predictWholeFile(options: PredictOptions): Promise<void> {
  const { file, out, model, alias, version, units, json } = options;
  const ignored = ['date', 'holiday', 'forecast', 'url', ...WEATHER_INPUT_FACTS.map(({ option }) => option)]
    .filter((name) => name in options)
    .map(flagOf);
  if (ignored.length > 0)
    throw new CitibikeError(
      'INVALID_INPUT',
      `${ignored.join(', ')}: applies to one hour, but ${file} contains the hours; omit ${ignored.length === 1 ? 'this option' : 'these options'} or --file`,
    );
  if (out === undefined)
    throw new CitibikeError('INVALID_INPUT', `--out: missing; name the file to write: ${OUTPUT_EXTENSIONS}`);
  const settings = loadSettings();
  const request = parseInput('predict --file', BatchPredictionInput, {
    model: model ?? settings.modelName,
    alias,
    version,
    input: file,
    output: out,
    units,
  });
  // DuckDB and the S3 client are large, so they are loaded only for files.
  const [{ batchPredict }, { ownFiles }, { MlflowClient }, { ObjectStore }] = await Promise.all([
    import('../../activities/predict/batch-predict.ts'),
    import('../../activities/predict/batch-files.ts'),
    import('../../adapters/mlflow/mlflow-client.ts'),
    import('../../adapters/s3/object-store.ts'),
  ]);
  let store: ObjectStoreType | undefined;
  try {
    const result = await batchPredict(
      {
        mlflow: new MlflowClient(settings.mlflow),
        files: ownFiles(() => (store ??= new ObjectStore(settings.s3))),
      },
      { ...request, model: request.model ?? settings.modelName },
    );
    print(
      json
        ? `${JSON.stringify(result, null, 2)}\n`
        : `${result.rows} hours predicted by ${result.model} version ${result.version}: ${result.output}\n`,
    );
    if (result.warnedRows && !json)
      printNote(`note: ${result.warnedRows} rows have warnings, named in the column warnings\n`);
    noteIndexColumns(request.input, result.indexColumns ?? [], '; it is kept in the output');
    if (result.synthetic && !json) printNote('note: the model was trained on synthetic data\n');
  } finally {
    store?.close();
  }
}
