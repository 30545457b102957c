/** Checks a forecast from Postgres or from disk before it is served. */
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { isDay } from '../contracts/calendar.ts';
import {
  FORECAST_HOURS,
  FORECAST_INTERVALS,
  type DemandForecast,
  type DemandForecastHour,
  type ForecastBounds,
} from '../contracts/demand-forecast.ts';
import { byColumn } from '../contracts/weather-columns.ts';
import { FORECAST_COLUMNS } from '../contracts/weather-forecast.ts';

const NumberOrNull = Type.Union([Type.Number(), Type.Null()]);
const Source = Type.Union([Type.Literal('forecast'), Type.Literal('climatology')]);
const Bounds = Type.Object({ lower: Type.Number(), upper: Type.Number() });

const Stored = Type.Object({
  system: Type.String(),
  model: Type.String(),
  version: Type.String(),
  issuedAt: Type.String(),
  issueDay: Type.String(),
  provider: Type.Union([
    Type.Literal('api.weather.gov'),
    Type.Literal('open-meteo'),
    Type.Literal('climatology'),
  ]),
  timeZone: Type.String(),
  level: Type.Object({
    factor: Type.Number(),
    deviation: Type.Number(),
    month: Type.Union([Type.String(), Type.Null()]),
  }),
  weather: Type.Array(
    Type.Object({
      date: Type.String(),
      source: Source,
      ...byColumn(FORECAST_COLUMNS, () => NumberOrNull),
      rainProbability: NumberOrNull,
      fromEarlier: Type.Array(Type.String()),
    }),
  ),
  hours: Type.Array(
    Type.Object({
      date: Type.String(),
      hour: Type.Integer({ minimum: 0, maximum: 23 }),
      prediction: Type.Number(),
      intervals: Type.Object(Object.fromEntries(FORECAST_INTERVALS.map((share) => [share, Bounds]))),
      weather: Source,
    }),
    { minItems: 1, maxItems: FORECAST_HOURS },
  ),
});
const fits = Compile(Stored);

export function isStoredForecast(value: unknown): value is DemandForecast {
  if (!fits.Check(value)) return false;
  return (
    Number.isFinite(Date.parse(value.issuedAt)) &&
    isTimeZone(value.timeZone) &&
    [value.issueDay, ...[...value.hours, ...value.weather].map(({ date }) => date)].every(isDay) &&
    value.hours.every(hasBounds) &&
    areInOrder(value.hours)
  );
}

/** Requires intervals that contain the prediction. */
function hasBounds(hour: {
  readonly prediction: number;
  readonly intervals: Readonly<Record<string, ForecastBounds>>;
}): boolean {
  const { prediction, intervals } = hour;
  return Object.values(intervals).every(({ lower, upper }) => lower <= prediction && prediction <= upper);
}

function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone });
    return true;
  } catch {
    return false;
  }
}

function areInOrder(hours: readonly Pick<DemandForecastHour, 'date' | 'hour'>[]): boolean {
  const wall = hours.map(({ date, hour }) => `${date}T${String(hour).padStart(2, '0')}`);
  return wall.every((time, i) => i === 0 || wall[i - 1]! < time);
}
