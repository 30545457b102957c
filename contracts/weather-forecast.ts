/** Defines a weather forecast by local day, and the answers of weather services that it is parsed from. */
import { DAY_MS } from './calendar.ts';
import type { Place } from './systems.ts';
import type { WeatherColumn } from './weather-columns.ts';

/** Holds the columns of a day that forecasts have. They have no snow on the ground. */
export const FORECAST_COLUMNS = [
  'TMAX',
  'TMIN',
  'PRCP',
  'SNOW',
  'AWND',
] as const satisfies readonly WeatherColumn[];
export type ForecastColumn = (typeof FORECAST_COLUMNS)[number];

/** Bounds of the days around the issue day, whatever a service says. */
export const DAYS_BEFORE = 2;
export const DAYS_AFTER = 16;

/** Is the age of a weather forecast from which it is stale. Weather services update theirs several times per day. */
export const STALE_AFTER_MS = DAY_MS;

/** Lists the names of Open-Meteo's daily variables. */
export const OPEN_METEO_DAILY = {
  TMAX: 'temperature_2m_max',
  TMIN: 'temperature_2m_min',
  PRCP: 'precipitation_sum',
  SNOW: 'snowfall_sum',
  AWND: 'wind_speed_10m_mean',
  rainProbability: 'precipitation_probability_max',
} as const satisfies Readonly<Record<ForecastColumn | 'rainProbability', string>>;

/** Represents the forecast of one day in °F, inches and mph. What the service does not say is null. */
export interface ForecastDay extends Readonly<Record<ForecastColumn, number | null>> {
  /** `YYYY-MM-DD`, local time of the place. */
  readonly date: string;
  /** Probability of rain or snow, 0 to 1. */
  readonly rainProbability: number | null;
}

export interface ForecastDays {
  readonly provider: 'api.weather.gov' | 'open-meteo';
  /** Update time of the service, ISO 8601 in UTC. */
  readonly issuedAt: string;
  /** Local day of that time, `YYYY-MM-DD`. Lead day 1 is the day after it. */
  readonly issueDay: string;
  /** Sorted by date, without gaps. Each has at least one value. */
  readonly days: readonly ForecastDay[];
}

/** Identifies a weather forecast of a system. */
export type WeatherIssue = Pick<ForecastDays, 'provider' | 'issuedAt' | 'issueDay'>;

/** Represents an answer as it came, so that it can be kept and parsed again. */
export interface ForecastAnswer {
  /** JSON of the service. */
  readonly text: string;
  /** Time of the answer, ISO 8601 in UTC. Open-Meteo states no update time, so its hour stands for it. */
  readonly fetchedAt: string;
}

/** Represents where a forecast is read for: the point for the weather, and the clock that decides which day it is. */
export interface ForecastPlace extends Pick<Place, 'timeZone'> {
  readonly latitude: number;
  readonly longitude: number;
}

/** Reads weather forecasts from one source. */
export interface WeatherForecasts {
  /**
   * @throws CitibikeError SOURCE_UNAVAILABLE for a passing failure, SOURCE_NOT_FOUND or UPSTREAM_REFUSED otherwise. The message names
   *   the host at most, never a path, a query or the contact.
   */
  fetch(place: ForecastPlace, signal?: AbortSignal): Promise<ForecastAnswer>;
}
