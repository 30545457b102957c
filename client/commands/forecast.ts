import { Command, InvalidArgumentError, Option } from 'commander';
import type { ForecastOptions } from '../../adapters/prediction-client/prediction-client.ts';
import { FORECAST_HOURS, FORECAST_INTERVALS } from '../../contracts/demand-forecast.ts';
import { loadSettings } from '../../settings.ts';
import { forecastText } from '../forecast-text.ts';
import { inferenceClient } from '../inference-client.ts';
import { print } from '../print.ts';

interface Options {
  readonly hours: number;
  readonly interval: string;
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
    .option('--url <address>', 'address of the service; default: from the settings')
    .option('--json', 'print the answer as JSON')
    .action(async ({ hours, interval, url, json }: Options) => {
      const forecast = await inferenceClient(loadSettings().inference, url).forecast({
        hours,
        interval: Number(interval) as NonNullable<ForecastOptions['interval']>,
      });
      print(json ? `${JSON.stringify(forecast, null, 2)}\n` : forecastText(forecast, process.stdout.columns));
    });
}

function hoursOf(text: string): number {
  const hours = Number(text);
  if (Number.isInteger(hours) && hours >= 1 && hours <= FORECAST_HOURS) return hours;
  throw new InvalidArgumentError(`Expected a whole number from 1 to ${FORECAST_HOURS}.`);
}
