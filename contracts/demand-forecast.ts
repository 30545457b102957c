/** Defines the forecast of demand for hours whose weather is not known yet. */

/** Shares of the intervals that a forecast has. */
export const FORECAST_INTERVALS = [0.5, 0.8, 0.9] as const;
type ForecastInterval = (typeof FORECAST_INTERVALS)[number];

/** Weather of a forecast hour: climatology stands for days beyond the horizon of the weather service. */
export type ForecastWeatherSource = 'forecast' | 'climatology';

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

/** Bounds of an interval in trips per hour. They contain the prediction. */
export interface ForecastBounds {
  readonly lower: number;
  readonly upper: number;
}
