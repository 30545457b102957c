import { Command } from 'commander';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { loadSettings } from '../../settings.ts';

/** Option -> column of the request. */
const WEATHER = {
  tmax: ['TMAX', 'highest temperature of the day, °F'],
  tmin: ['TMIN', 'lowest temperature of the day, °F'],
  snow: ['SNOW', 'snowfall of the day, inches'],
  prcp: ['PRCP', 'rain and melted snow of the day, inches'],
  prcpYesterday: ['PRCP_yesterday', 'rain and melted snow of the day before, inches'],
  snwd: ['SNWD', 'snow on the ground, inches'],
  awnd: ['AWND', 'mean wind of the day, mph'],
} as const;
type WeatherOption = keyof typeof WEATHER;
const REQUIRED: readonly WeatherOption[] = ['tmax', 'tmin', 'snow'];

interface PredictOptions extends Partial<Record<WeatherOption, number>> {
  readonly date: string;
  readonly holiday?: boolean;
  readonly url?: string;
  readonly json?: boolean;
}

interface Prediction {
  readonly model: string;
  readonly version: string;
  readonly prediction: number;
  readonly lower?: number;
  readonly upper?: number;
  readonly imputed: readonly string[];
  readonly synthetic?: boolean;
}

const TIMEOUT_MS = 10_000;

/** `citibike predict --date 2025-01-15T08:00:00 --tmax 40 --tmin 30 --snow 0` */
export function predictCommand(): Command {
  const command = new Command('predict')
    .description('ask the prediction service for one hour')
    .requiredOption('--date <time>', 'New York time as YYYY-MM-DDTHH:MM[:SS]');
  for (const [name, [, meaning]] of Object.entries(WEATHER)) {
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} <number>`;
    const parse = (text: string): number => numberOf(flag, text);
    if (REQUIRED.includes(name as WeatherOption)) command.requiredOption(flag, meaning, parse);
    else command.option(flag, meaning, parse);
  }
  return command
    .option('--holiday', 'the day is a holiday; left out: by the US federal calendar')
    .option('--no-holiday', 'the day is none, whatever the calendar says')
    .option('--url <address>', 'address of the service; left out: where the settings say')
    .option('--json', 'print the answer as JSON')
    .action(async (options: PredictOptions) => predict(options));
}

function numberOf(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new CitibikeError(
    'INVALID_INPUT',
    `${flag.split(' ')[0]}: got ${JSON.stringify(text)}, expected a number`,
  );
}

async function predict(options: PredictOptions): Promise<void> {
  const { host, port } = loadSettings().inference;
  const base = (options.url ?? `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`).replace(
    /\/$/,
    '',
  );
  const row: Record<string, unknown> = { date: options.date };
  for (const [name, [column]] of Object.entries(WEATHER)) row[column] = options[name as WeatherOption];
  if (options.holiday !== undefined) row['holiday'] = options.holiday ? 1 : 0;
  const answer = await ask(`${base}/predict_trip?interval=0.9`, { input_data: [row] });
  process.stdout.write(
    options.json ? `${JSON.stringify(answer, null, 2)}\n` : describe(answer.predictions[0]!),
  );
}

async function ask(url: string, body: object): Promise<{ predictions: Prediction[] }> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    const cause = (error as { cause?: unknown }).cause ?? error;
    throw new CitibikeError(
      'UPSTREAM_UNAVAILABLE',
      `the prediction service at ${url} does not answer: ${messageOf(cause)}. Is it running? citibike status says; citibike up starts it`,
    );
  }
  if (response.ok) return (await response.json()) as { predictions: Prediction[] };
  const problem = (await response.json().catch(() => ({}))) as { detail?: string };
  throw new CitibikeError(
    response.status >= 500 ? 'UPSTREAM_UNAVAILABLE' : 'INVALID_INPUT',
    `the prediction service answered ${response.status}: ${problem.detail ?? response.statusText}`,
  );
}

function describe({ model, version, prediction, lower, upper, imputed, synthetic }: Prediction): string {
  const rows = [['trips in that hour', prediction.toFixed(0)]];
  if (lower !== undefined && upper !== undefined) {
    rows.push(['90 % interval', `${lower.toFixed(0)} to ${upper.toFixed(0)}`]);
  }
  rows.push(['model', `${model} version ${version}`]);
  if (imputed.length > 0) rows.push(['filled from training medians', imputed.join(', ')]);
  if (synthetic) rows.push(['note', 'trained on made-up data']);
  const width = Math.max(...rows.map(([label = '']) => label.length)) + 2;
  return rows.map(([label = '', value = '']) => `${label.padEnd(width)}${value}\n`).join('');
}
