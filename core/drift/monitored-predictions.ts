/** Predictions of a span, each from a model that was not fitted on the hour where there is such a one. */
import type { FrameRow } from '../../contracts/frame.ts';
import type { OutOfFoldRow } from '../training/out-of-fold.ts';
import type { ServingModel } from '../serving/serving-model.ts';

/** Where the predictions of a span come from, in hours. */
export interface PredictionSources {
  /** Made in cross-validation by a model that had not seen the hour. */
  readonly outOfFold: number;
  /** Made by the model itself, on hours outside the months it was trained on. */
  readonly outOfSample: number;
  /** Made by the model itself on hours it was trained on: errors look too good. */
  readonly inSample: number;
}

/** One value an hour, in the order of the rows. */
export interface MonitoredPredictions {
  readonly predictions: number[];
  /** The 90 % interval; null where the model has none. */
  readonly lower: (number | null)[];
  readonly upper: (number | null)[];
  /** Whether the prediction comes from a model that had not seen the hour. */
  readonly unseen: boolean[];
  readonly sources: PredictionSources;
}

/**
 * Errors on hours that a model was trained on look too good, and every later month would alarm beside them: an hour of the
 * training months takes its out-of-fold prediction, any other the model's own.
 */
export function monitoredPredictions(
  model: ServingModel,
  rows: readonly FrameRow[],
  outOfFold: readonly OutOfFoldRow[],
): MonitoredPredictions {
  const own = model.predict(
    rows.map((row) => ({ date: row.date, hour: row.hour, holiday: row.holiday, weather: row })),
  );
  const leftOut = new Map(outOfFold.map((row) => [hourKey(row), row]));
  const { from, to } = model.spec.trainedOn;
  const sources = { outOfFold: 0, outOfSample: 0, inSample: 0 };
  const monitored: MonitoredPredictions = { predictions: [], lower: [], upper: [], unseen: [], sources };
  for (const [i, row] of rows.entries()) {
    const trained = isWithin(row.date, from, to);
    const left = trained ? leftOut.get(hourKey(row)) : undefined;
    if (left) sources.outOfFold += 1;
    else if (trained) sources.inSample += 1;
    else sources.outOfSample += 1;
    const { prediction, lower, upper } = left ?? own[i]!;
    monitored.predictions.push(prediction);
    monitored.lower.push(lower ?? null);
    monitored.upper.push(upper ?? null);
    monitored.unseen.push(left !== undefined || !trained);
  }
  return monitored;
}

function hourKey({ date, hour }: { readonly date: string; readonly hour: number }): string {
  return `${date} ${hour}`;
}

/** Ends are days or months (`2024-12`), both inclusive. */
function isWithin(date: string, from: string, to: string): boolean {
  return date.slice(0, from.length) >= from && date.slice(0, to.length) <= to;
}
