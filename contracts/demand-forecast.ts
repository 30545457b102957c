/** Defines the forecast of demand for hours whose weather is not known yet. */
import { STALE_AFTER_MS, type ForecastColumn } from './weather-forecast.ts';

/** Holds the shares of the intervals that a forecast has. */
export const FORECAST_INTERVALS = [0.5, 0.8, 0.9] as const;
export type ForecastInterval = (typeof FORECAST_INTERVALS)[number];

/** Sets the hours of one issue, from the hour after its issue time: seven days. */
export const FORECAST_HOURS = 168;

/** Represents the weather of a forecast hour: climatology stands for days beyond the horizon of the weather service. */
export type ForecastWeatherSource = 'forecast' | 'climatology';

/** Represents the source of the weather of an issue. */
export type ForecastProvider = 'api.weather.gov' | 'open-meteo' | 'climatology';

export interface DemandForecastHour {
  /** `YYYY-MM-DD`, local time of the system. */
  readonly date: string;
  /** 0..23, wall clock. */
  readonly hour: number;
  /** Trips per hour. */
  readonly prediction: number;
  readonly intervals: Readonly<Record<ForecastInterval, ForecastBounds>>;
  readonly weather: ForecastWeatherSource;
}

/** Represents the bounds of an interval in trips per hour. They contain the prediction. */
export interface ForecastBounds {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Represents the weather behind the hours of a day: what was forecast, or the medians of the scenarios where the source is `climatology`.
 * Units are °F, inches and mph. Unknown values are null.
 */
export interface ForecastWeatherDay extends Readonly<Record<ForecastColumn, number | null>> {
  /** `YYYY-MM-DD`, local time of the system. */
  readonly date: string;
  readonly source: ForecastWeatherSource;
  /** 0 to 1. */
  readonly rainProbability: number | null;
  /** Columns that came from an earlier issue, because neither this one nor the station has them. */
  readonly fromEarlier: readonly ForecastColumn[];
}

/** Represents one issue: the hours of one version under one weather forecast. */
export interface DemandForecast {
  /** Id of the system, with `-synthetic` appended for versions of synthetic trips. */
  readonly system: string;
  readonly model: string;
  readonly version: string;
  /** Update time of the weather forecast, for climatology the hour of the run: ISO 8601 in UTC. */
  readonly issuedAt: string;
  /** Local day of that time. Lead day 1 is the day after it. */
  readonly issueDay: string;
  readonly provider: ForecastProvider;
  /** IANA zone of the hours. */
  readonly timeZone: string;
  /** Factor on the predictions, the standard deviation of its logarithm, and the newest month that it is estimated from. */
  readonly level: { readonly factor: number; readonly deviation: number; readonly month: string | null };
  /** Days of the hours, in order. The day before comes first if its rain, an input of the first day, is a forecast too. */
  readonly weather: readonly ForecastWeatherDay[];
  /** In order, at most `FORECAST_HOURS`. */
  readonly hours: readonly DemandForecastHour[];
}

type Issued = Pick<DemandForecast, 'provider' | 'issuedAt'>;

/** Returns the last instant at which a forecast is not stale, in milliseconds of UTC. One from climatology is stale from the start. */
export function freshUntil({ provider, issuedAt }: Issued): number {
  return provider === 'climatology' ? -Infinity : Date.parse(issuedAt) + STALE_AFTER_MS;
}

export function isStaleForecast(forecast: Issued, now: number): boolean {
  return now > freshUntil(forecast);
}
