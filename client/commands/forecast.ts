import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Forecast, ForecastOptions } from '../../adapters/prediction-client/prediction-client.ts';
import { FORECAST_HOURS, FORECAST_INTERVALS } from '../../contracts/demand-forecast.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { loadSettings } from '../../settings.ts';
import { askConsole } from '../console-api.ts';
import { forecastHour, hourText } from '../forecast-hour.ts';
import { forecastHours, forecastText } from '../forecast-text.ts';
import { scoresText, type ForecastScores } from '../forecast-scores-text.ts';
import { inferenceClient } from '../inference-client.ts';
import { print } from '../print.ts';

/** Exceeds the service's pause between two looks for a forecast. */
const LONGEST_PAUSE_SECONDS = 10;

interface Options {
  readonly hours: number;
  readonly interval: string;
  readonly at?: string;
  readonly table?: boolean;
  /** System, or true for that of the served model. */
  readonly scores?: string | true;
  readonly url?: string;
  readonly json?: boolean;
}

/** `citibike forecast`, `citibike forecast --hours 168 --interval 0.5 --json` */
export function forecastCommand(): Command {
  return new Command('forecast')
    .description(
      'Shows the trips of the next hours as the prediction service forecasts them, with the weather of each day. `citibike run forecast` issues a forecast.',
    )
    .option('--hours <n>', `hours from the present one, 1 to ${FORECAST_HOURS}`, hoursOf, 72)
    .addOption(
      new Option('--interval <share>', 'share of hours within the band')
        .choices(FORECAST_INTERVALS.map(String))
        .default('0.9'),
    )
    .addOption(
      new Option('--at <hour>', 'one hour, YYYY-MM-DDTHH, local time of the system').conflicts([
        'hours',
        'table',
        'scores',
      ]),
    )
    .addOption(new Option('--table', 'list the hours instead of the chart').conflicts('scores'))
    .option(
      '--scores [system]',
      'errors of past forecasts by month and lead day, from the console; default: of the served model',
    )
    .option('--url <address>', 'address of the service; default: from the settings')
    .option('--json', 'print the answer as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  citibike forecast --at 2026-12-01T08\n  citibike forecast --hours 24 --table\n  citibike forecast --scores',
    )
    .action(async (options: Options) => print(await answer(options)));
}

async function answer({ scores, json, ...options }: Options): Promise<string> {
  if (scores !== undefined) {
    const system = scores === true ? undefined : scores;
    const found = await askConsole<ForecastScores>('/api/forecast/scores', { system });
    return json ? pretty(found) : scoresText(found);
  }
  const { at, table, hours, interval, url } = options;
  const client = inferenceClient(loadSettings().inference, url);
  const forecast = await againIfTold(() =>
    client.forecast({
      // The hour may be any of those to come.
      hours: at === undefined ? hours : FORECAST_HOURS,
      interval: Number(interval) as NonNullable<ForecastOptions['interval']>,
    }),
  );
  if (at !== undefined) return hourAnswer(forecast, at, json);
  if (json) return pretty(forecast);
  return table ? forecastHours(forecast) : forecastText(forecast, process.stdout.columns);
}

/** Asks again once, after the pause that the service names. The service reads a forecast some seconds after it was issued. */
async function againIfTold<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const { retryAfter } = error instanceof CitibikeError ? error.details : {};
    if (typeof retryAfter !== 'number' || retryAfter > LONGEST_PAUSE_SECONDS) throw error;
    await sleep(retryAfter * 1000);
    return ask();
  }
}

function hourAnswer(forecast: Forecast, at: string, json: boolean | undefined): string {
  const hour = forecastHour(forecast, at);
  return json ? pretty(hour) : hourText(forecast, hour);
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function hoursOf(text: string): number {
  const hours = Number(text);
  if (Number.isInteger(hours) && hours >= 1 && hours <= FORECAST_HOURS) return hours;
  throw new InvalidArgumentError(`Expected a whole number from 1 to ${FORECAST_HOURS}.`);
}
