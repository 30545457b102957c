import type { ForecastInterval } from '../contracts/demand-forecast.ts';

/** Represents what a request for a forecast selects: the number of hours from the present one, and the share of the interval. */
export interface ForecastSelection {
  readonly hours: number;
  readonly interval: ForecastInterval;
}

export const DEFAULT_FORECAST: ForecastSelection = { hours: 72, interval: 0.9 };
