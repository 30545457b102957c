/** Parses answers of weather services into days, and rejects answers that hold no usable forecast. */
import { HOUR_MS, addDays } from '../../contracts/calendar.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { isPlausible } from '../../contracts/weather-columns.ts';
import {
  DAYS_AFTER,
  DAYS_BEFORE,
  FORECAST_COLUMNS,
  STALE_AFTER_MS,
  type ForecastAnswer,
  type ForecastDays,
  type ForecastPlace,
} from '../../contracts/weather-forecast.ts';
import { expectedWeather } from '../../contracts/weather-ranges.ts';
import { gridDays, isGridAnswer } from './grid-days.ts';
import { isOpenMeteoAnswer, openMeteoDays } from './open-meteo-days.ts';

/** Limits the time that the clock of a service may be ahead. A later issue would stay the newest one until then. */
const MOST_MS_AHEAD = HOUR_MS;

/**
 * Parses an answer of api.weather.gov (`forecastGridData`) or Open-Meteo; its fields tell which.
 * @param now milliseconds of UTC, from which the age counts. The default is the time at which the service answered.
 * @throws CitibikeError SOURCE_UNAVAILABLE for an answer that is no forecast, is empty, is older than a day or is from the future,
 *   BAD_WEATHER for units or times that cannot be read.
 */
export function forecastDays(
  { text, fetchedAt }: ForecastAnswer,
  place: Pick<ForecastPlace, 'timeZone'>,
  now = Date.parse(fetchedAt),
): ForecastDays {
  const forecast = parse(text, fetchedAt, place.timeZone);
  assertPlausible(forecast);
  if (forecast.days.length === 0) throw unusable('no day', 'at least one');
  const age = now - Date.parse(forecast.issuedAt);
  if (age < -MOST_MS_AHEAD) throw unusable('a forecast from the future', 'one that has been issued');
  if (age > STALE_AFTER_MS)
    throw unusable(
      `a forecast that is ${Math.round(age / HOUR_MS)} hours old`,
      `one of the last ${STALE_AFTER_MS / HOUR_MS} hours`,
    );
  return forecast;
}

/** Rejects a forecast that says nothing of the days to come, so that the last one stays in use. */
export function assertLooksAhead({ issueDay, days }: ForecastDays): void {
  if (!days.some(({ date, TMAX, TMIN }) => date > issueDay && TMAX !== null && TMIN !== null))
    throw unusable('no day to come with both temperatures', 'at least one');
}

/** One value beyond what instruments see would spoil the learned errors for a year. */
function assertPlausible({ issueDay, days }: ForecastDays): void {
  const [first, last] = [addDays(issueDay, -DAYS_BEFORE), addDays(issueDay, DAYS_AFTER)];
  const dates = new Set<string>();
  for (const day of days) {
    if (day.date < first || day.date > last || dates.has(day.date))
      throw implausible(day.date, 'the day', 'another day', `each day from ${first} to ${last} at most once`);
    dates.add(day.date);
    for (const column of FORECAST_COLUMNS) {
      const value = day[column];
      if (value !== null && !isPlausible(column, value))
        throw implausible(day.date, column, value, expectedWeather(column));
    }
    const chance = day.rainProbability;
    if (chance !== null && !(chance >= 0 && chance <= 1))
      throw implausible(day.date, 'the probability of rain', chance, 'a share from 0 to 1');
  }
}

function implausible(date: string, what: string, got: string | number, expected: string): CitibikeError {
  return new CitibikeError(
    'BAD_WEATHER',
    `weather forecast: ${what} of ${date}: got ${got}, expected ${expected}. The service may have changed its format or its units`,
    { date },
  );
}

function parse(text: string, fetchedAt: string, timeZone: string): ForecastDays {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw unusable(nameOf(text), 'JSON');
  }
  if (isGridAnswer(answer)) return gridDays(answer, timeZone);
  if (isOpenMeteoAnswer(answer)) return openMeteoDays(answer, fetchedAt, timeZone);
  throw unusable(
    'JSON without a forecast',
    'forecastGridData of api.weather.gov, or a daily forecast of Open-Meteo',
  );
}

/** The text itself is left out, because a service may repeat the key or the contact of the request. */
function nameOf(text: string): string {
  if (text.trim() === '') return 'an empty answer';
  return /^\s*</.test(text) ? 'an HTML page' : 'text that is not JSON';
}

function unusable(got: string, expected: string): CitibikeError {
  return new CitibikeError(
    'SOURCE_UNAVAILABLE',
    `weather forecast: got ${got}, expected ${expected}. Check WEATHER_FORECASTS if this does not pass`,
  );
}
