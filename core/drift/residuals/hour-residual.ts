/** Defines an hour for the comparison of residuals: actual and predicted trips, and the observed weather. */
import type { FrameRow } from '../../../contracts/frame.ts';
import {
  WEATHER_COLUMNS,
  byColumn,
  type WeatherColumn,
  type WeatherValues,
} from '../../../contracts/weather-columns.ts';
import type { MonitoredPredictions } from '../monitored-predictions.ts';

/** Represents weather in the units of `contracts/weather-columns.ts`. Null if it was not observed, including values carried forward. */
export interface HourResidual extends WeatherValues<WeatherColumn> {
  /** Date as `YYYY-MM-DD`. */
  readonly date: string;
  readonly hour: number;
  /** Actual trips, or null while they are not published. */
  readonly actual: number | null;
  readonly prediction: number;
  /** Bounds of the 90 % interval, or null if the model has none. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** True if the prediction comes from networks that did not see the hour. */
  readonly outOfFold: boolean;
}

/** Converts unpublished trips from NaN to null. */
export function hourResiduals(rows: readonly FrameRow[], predicted: MonitoredPredictions): HourResidual[] {
  return rows.map((row, i) => ({
    ...byColumn(WEATHER_COLUMNS, (name) => (row.weather_filled ? null : (row[name] ?? null))),
    date: row.date,
    hour: row.hour,
    actual: Number.isFinite(row.trips) ? row.trips : null,
    prediction: predicted.predictions[i]!,
    lower: predicted.lower[i]!,
    upper: predicted.upper[i]!,
    outOfFold: predicted.unseen[i]!,
  }));
}
