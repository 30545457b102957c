/** An hour as the like-with-like comparison sees it: what happened, what was predicted, and the weather that was observed. */
import type { FrameRow, WeatherColumn } from '../../contracts/frame.ts';
import type { MonitoredPredictions } from './monitored-predictions.ts';

/** Weather in the units of `contracts/frame.ts`, null where it was not observed: a value carried forward is none. */
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
  return rows.map((row, i) => {
    const observed = (name: WeatherColumn) => (row.weather_filled ? null : row[name]);
    return {
      date: row.date,
      hour: row.hour,
      actual: Number.isFinite(row.trips) ? row.trips : null,
      prediction: predicted.predictions[i]!,
      lower: predicted.lower[i]!,
      upper: predicted.upper[i]!,
      outOfFold: predicted.unseen[i]!,
      TMAX: observed('TMAX'),
      TMIN: observed('TMIN'),
      SNOW: observed('SNOW'),
      PRCP: observed('PRCP'),
      SNWD: observed('SNWD'),
      AWND: observed('AWND'),
    };
  });
}
