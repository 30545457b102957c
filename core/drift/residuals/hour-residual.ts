/** An hour as the like-with-like comparison sees it: what happened, what was predicted, and the weather that was observed. */
import type { FrameRow } from '../../../contracts/frame.ts';
import { WEATHER_COLUMNS, byColumn, type WeatherColumn } from '../../../contracts/weather-columns.ts';
import type { MonitoredPredictions } from '../monitored-predictions.ts';

/** Weather in the units of `contracts/weather-columns.ts`, null where it was not observed: a value carried forward is none. */
export interface HourResidual extends Readonly<Record<WeatherColumn, number | null>> {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly hour: number;
  /** Trips; null while they are not published. */
  readonly actual: number | null;
  readonly prediction: number;
  /** The 90 % interval; null where the model has none. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** The prediction comes from a model that had not seen the hour. */
  readonly outOfFold: boolean;
}

/** Trips that are not published yet are NaN in a row, and null here. */
export function hourResiduals(rows: readonly FrameRow[], predicted: MonitoredPredictions): HourResidual[] {
  return rows.map((row, i) => ({
    ...byColumn(WEATHER_COLUMNS, (name) => (row.weather_filled ? null : row[name])),
    date: row.date,
    hour: row.hour,
    actual: Number.isFinite(row.trips) ? row.trips : null,
    prediction: predicted.predictions[i]!,
    lower: predicted.lower[i]!,
    upper: predicted.upper[i]!,
    outOfFold: predicted.unseen[i]!,
  }));
}
