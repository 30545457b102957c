/** Defines how forecasts of a published month are scored. */
import type { DemandForecastHour, ForecastInterval } from './demand-forecast.ts';

/** Represents the forecast of an hour that counts for a lead day. */
export interface IssuedHour extends DemandForecastHour {
  readonly leadDay: number;
  readonly version: string;
  /** ISO 8601 in UTC. */
  readonly issuedAt: string;
}

/** Represents the errors of one lead day in one month, in trips per hour. */
export interface ForecastScore {
  readonly leadDay: number;
  /** Number of compared hours, and of the issues that they come from. */
  readonly hours: number;
  readonly issues: number;
  readonly versions: readonly string[];
  readonly rmse: number;
  readonly mae: number;
  /** Mean of prediction − actual. */
  readonly bias: number;
  /** Share of hours within each interval. */
  readonly coverage: Readonly<Record<ForecastInterval, number>>;
  /** Mean width of the 90 % interval, and its mean score (Winkler 1972). */
  readonly width: number;
  readonly winkler: number;
  /** Share of hours whose weather was climatology. */
  readonly climatologyShare: number;
  /** RMSE of the naive forecast for the same hours. It is null without the training frame of a version. */
  readonly rmseNaive: number | null;
  /** 1 − rmse / rmseNaive. */
  readonly skill: number | null;
  /** RMSE of the same versions with the observed weather, without level. Null if a version is gone. */
  readonly rmseObserved: number | null;
}
