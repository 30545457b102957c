/** Converts a daily forecast of Open-Meteo (https://open-meteo.com/en/docs). Its days are local days already. */
import { HOUR_MS, isDay } from '../../contracts/calendar.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';
import {
  DAYS_AFTER,
  DAYS_BEFORE,
  OPEN_METEO_DAILY,
  type ForecastColumn,
  type ForecastDay,
  type ForecastDays,
} from '../../contracts/weather-forecast.ts';
import { localDayOf } from './local-days.ts';
import { imperial, isFiniteNumber, type MetricUnit } from './metric-units.ts';

interface OpenMeteoAnswer {
  readonly timezone?: unknown;
  readonly daily: Readonly<Record<string, unknown>> & { readonly time: readonly unknown[] };
  readonly daily_units?: Readonly<Record<string, unknown>> | null;
}

export function isOpenMeteoAnswer(answer: unknown): answer is OpenMeteoAnswer {
  return Array.isArray((answer as { daily?: { time?: unknown } } | null)?.daily?.time);
}

const MOST_DAYS = DAYS_BEFORE + 1 + DAYS_AFTER;

/** Holds the units of a request without unit options. */
const UNITS: Readonly<Record<ForecastColumn, MetricUnit>> = {
  TMAX: '°C',
  TMIN: '°C',
  PRCP: 'mm',
  SNOW: 'cm',
  AWND: 'km/h',
};

/**
 * Open-Meteo states no update time. It updates every hour, so the hour of the answer stands for it.
 * @throws CitibikeError BAD_WEATHER for other units or another time zone than expected.
 */
export function openMeteoDays(
  { timezone, daily, daily_units }: OpenMeteoAnswer,
  fetchedAt: string,
  timeZone: string,
): ForecastDays {
  if (timezone !== timeZone) throw bad('timezone', timezone, timeZone);
  if (daily.time.length > MOST_DAYS) throw bad('daily.time', daily.time.length, `at most ${MOST_DAYS} days`);
  const valueAt = (name: string, index: number): number | null => {
    const values = daily[name];
    const value: unknown = Array.isArray(values) ? values[index] : null;
    if (value === null || value === undefined) return null;
    if (!isFiniteNumber(value)) throw bad(name, value, 'a finite number or null');
    return value;
  };
  const columnAt = (column: ForecastColumn, index: number): number | null => {
    const [name, unit] = [OPEN_METEO_DAILY[column], UNITS[column]];
    const given = daily_units?.[name] ?? unit;
    if (given !== unit) throw bad(`daily_units.${name}`, given, unit);
    const value = valueAt(name, index);
    return value === null ? null : imperial(column, value, unit);
  };
  const days = daily.time.map((date, index): ForecastDay => {
    if (typeof date !== 'string' || !isDay(date)) throw bad('daily.time', date, 'a day as YYYY-MM-DD');
    const percent = valueAt(OPEN_METEO_DAILY.rainProbability, index);
    return {
      date,
      TMAX: columnAt('TMAX', index),
      TMIN: columnAt('TMIN', index),
      PRCP: columnAt('PRCP', index),
      SNOW: columnAt('SNOW', index),
      AWND: columnAt('AWND', index),
      rainProbability: percent === null ? null : percent / 100,
    };
  });
  const issued = Math.floor(Date.parse(fetchedAt) / HOUR_MS) * HOUR_MS;
  return {
    provider: 'open-meteo',
    issuedAt: new Date(issued).toISOString(),
    issueDay: localDayOf(issued, timeZone),
    days: days.filter(({ TMAX, TMIN, PRCP }) => TMAX !== null || TMIN !== null || PRCP !== null),
  };
}

function bad(field: string, got: unknown, expected: string): CitibikeError {
  return new CitibikeError(
    'BAD_WEATHER',
    `forecast of Open-Meteo: ${field}: got ${showValue(got)}, expected ${expected}; read it with the units and the time zone that the worker requests`,
    { field },
  );
}
