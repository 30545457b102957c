/** Writes a forecast for the terminal: chart or hours, the days with their weather, and where it comes from. */
import type { Forecast } from '../adapters/prediction-client/prediction-client.ts';
import { FORECAST_COLUMNS } from '../contracts/weather-forecast.ts';
import { unitOf } from '../contracts/weather-ranges.ts';
import { chartLegend, forecastChart } from './forecast-chart.ts';
import { table } from './table-text.ts';

export const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

export const SOURCES: Readonly<Record<Forecast['provider'], string>> = {
  'api.weather.gov': 'weather forecast of api.weather.gov',
  'open-meteo': 'weather forecast of Open-Meteo',
  climatology: 'climatology, because no weather forecast was available',
};

/** @param width columns of the terminal. */
export function forecastText(forecast: Forecast, width?: number): string {
  return [
    forecastChart(forecast, width),
    chartLegend(forecast.interval),
    table(
      ['day', 'hours', 'trips', 'high °F', 'low °F', 'rain %', 'rain in', 'snow in', 'wind mph', 'weather'],
      forecast.weather.map((day) => dayRow(forecast, day)),
    ),
    factLines(forecast).join(''),
  ].join('\n');
}

/** Lists the hours, and where their weather comes from. */
export function forecastHours(forecast: Forecast): string {
  const share = `${Math.round(forecast.interval * 100)} %`;
  const rows = forecast.hours.map(({ date, hour, prediction, lower, upper, lead_day, weather }) => [
    `${date} ${String(hour).padStart(2, '0')}:00`,
    ...[prediction, lower, upper].map((value) => number.format(value)),
    String(lead_day),
    weather,
  ]);
  const header = ['hour', 'trips', `lower ${share}`, `upper ${share}`, 'lead day', 'weather'];
  return [table(header, rows), factLines(forecast).join('')].join('\n');
}

/** Writes the weather of a day in one line. */
export function dayWeather(day: Forecast['weather'][number]): string {
  return FORECAST_COLUMNS.flatMap((name) =>
    day[name] === null ? [] : [`${name} ${day[name]} ${unitOf(name, false)}`],
  ).join(', ');
}

function dayRow({ hours }: Forecast, day: Forecast['weather'][number]): string[] {
  const ofDay = hours.filter(({ date }) => date === day.date);
  const shown = (value: number | null, digits: number) => (value === null ? '' : value.toFixed(digits));
  return [
    day.date,
    String(ofDay.length),
    number.format(ofDay.reduce((sum, { prediction }) => sum + prediction, 0)),
    shown(day.TMAX, 0),
    shown(day.TMIN, 0),
    shown(day.rain_probability === null ? null : day.rain_probability * 100, 0),
    shown(day.PRCP, 2),
    shown(day.SNOW, 1),
    shown(day.AWND, 0),
    day.from_earlier.length === 0 ? day.source : `${day.source}, earlier: ${day.from_earlier.join(' ')}`,
  ];
}

function factLines({ system, model, version, provider, issued_at, ...rest }: Forecast): string[] {
  const { age_seconds: age, stale, level, time_zone, weather } = rest;
  const growth = `${level.factor < 1 ? '' : '+'}${((level.factor - 1) * 100).toFixed(1)} %`;
  const facts = [
    ['system', `${system}, hours of ${time_zone}`],
    ['model', `${model} version ${version}`],
    ['issued', `${issued_at.slice(0, 16).replace('T', ' ')} UTC, ${ageText(age)} ago`],
    ['source', SOURCES[provider]],
    [
      'level',
      level.month === null
        ? `${growth}, no month has been published since the training`
        : `${growth} on every hour: growth since the training, from months up to ${level.month}`,
    ],
  ];
  if (provider === 'climatology' || weather.some(({ source }) => source === 'climatology'))
    facts.push(['', 'climatology: weather observed in the same season of the training months']);
  // The source says it where climatology is the reason.
  if (stale && provider !== 'climatology')
    facts.push(['note', 'the forecast is older than a day; issue a new one (run: citibike run forecast)']);
  return facts.map(([label = '', text = '']) => `${label.padEnd(8)}${text}\n`);
}

function ageText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}
