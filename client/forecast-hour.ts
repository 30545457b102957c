/** Finds one hour of a forecast and writes it for the terminal. */
import type { Forecast } from '../adapters/prediction-client/prediction-client.ts';
import { CitibikeError } from '../contracts/errors.ts';
import { showValue } from '../contracts/show-value.ts';
import { SOURCES, dayWeather, number } from './forecast-text.ts';

type Hour = Forecast['hours'][number];

/** Matches `2026-12-01T08`, also with minutes and seconds of zero. */
const HOUR = /^(\d{4}-\d{2}-\d{2})[T ](\d{2})(:00){0,2}$/;

/** @throws CitibikeError INVALID_INPUT if the text is not an hour of the forecast. */
export function forecastHour({ hours, issued_at, time_zone }: Forecast, at: string): Hour {
  const [, date, hour] = HOUR.exec(at) ?? [];
  const found = hours.find((one) => one.date === date && one.hour === Number(hour));
  if (found) return found;
  const [first, last] = [hours[0]!, hours.at(-1)!];
  throw new CitibikeError(
    'INVALID_INPUT',
    `--at: got ${showValue(at)}, expected an hour from ${nameOf(first)} to ${nameOf(last)} (${time_zone}), which the forecast issued at ${issued_at} reaches. For another hour: citibike predict with its weather`,
  );
}

export function hourText(forecast: Forecast, hour: Hour): string {
  const day = forecast.weather.find(({ date }) => date === hour.date);
  const rows = [
    ['hour', `${nameOf(hour)} (${forecast.time_zone})`],
    ['trips', number.format(hour.prediction)],
    [
      `${Math.round(forecast.interval * 100)} % interval`,
      `${number.format(hour.lower)} to ${number.format(hour.upper)}`,
    ],
    ...(day ? [['weather of the day', `${dayWeather(day)} (${day.source})`]] : []),
    ['source', SOURCES[forecast.provider]],
    ['model', `${forecast.model} version ${forecast.version}`],
  ];
  return rows.map(([label = '', text = '']) => `${label.padEnd(20)}${text}\n`).join('');
}

function nameOf({ date, hour }: Hour): string {
  return `${date}T${String(hour).padStart(2, '0')}`;
}
