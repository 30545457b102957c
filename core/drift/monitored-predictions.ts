/** Collects predictions of a span. It prefers predictions of networks that did not see the hour. */
import type { FrameRow } from '../../contracts/frame.ts';
import type { OutOfFoldRow } from '../training/out-of-fold.ts';
import type { ServingModel } from '../serving/serving-model.ts';

/** Sources of the predictions of a span, in hours. */
export interface PredictionSources {
  /** Predictions in cross-validation, by networks that did not see the hour. */
  readonly outOfFold: number;
  /** Predictions of the model on hours outside its training months. */
  readonly outOfSample: number;
  /** Predictions of the model on hours that it was trained on. Their errors are too small. */
  readonly inSample: number;
}

/** Represents columns with one value per hour, in the order of the rows. */
export interface MonitoredPredictions {
  readonly predictions: number[];
  /** Bounds of the 90 % interval, or null if the model has none. */
  readonly lower: (number | null)[];
  readonly upper: (number | null)[];
  /** Tells whether the prediction comes from networks that did not see the hour. */
  readonly unseen: boolean[];
  readonly sources: PredictionSources;
}

/**
 * Uses out-of-fold predictions for hours of the training months, and predictions of the model for other hours. Errors on training
 * hours are too small, so every later month would alarm in comparison.
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

/** Tells whether a date is in a span. Its ends are days or months (`2024-12`), both inclusive. */
function isWithin(date: string, from: string, to: string): boolean {
  return date.slice(0, from.length) >= from && date.slice(0, to.length) <= to;
}
