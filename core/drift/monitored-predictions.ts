/** Predictions of a span, each from a model that was not fitted on the hour where there is such a one. */
import type { FrameRow } from '../../contracts/frame.ts';
import type { OutOfFoldRow } from '../model/out-of-fold.ts';
import type { ServingModel } from '../model/serving-model.ts';
import type { PredictionSources } from './report.ts';

/**
 * Errors on hours that a model was trained on look too good, and every later month would alarm beside them: an hour of the
 * training months takes its out-of-fold prediction, any other the model's own.
 */
export function monitoredPredictions(
  model: ServingModel,
  rows: readonly FrameRow[],
  outOfFold: readonly OutOfFoldRow[],
): { predictions: number[]; sources: PredictionSources } {
  const own = model.predict(
    rows.map((row) => ({ date: row.date, hour: row.hour, holiday: row.holiday, weather: row })),
  );
  const leftOut = new Map(outOfFold.map((row) => [hourKey(row), row.prediction]));
  const { from, to } = model.spec.trainedOn;
  const sources = { outOfFold: 0, outOfSample: 0, inSample: 0 };
  const predictions = rows.map((row, i) => {
    const trained = isWithin(row.date, from, to);
    const left = trained ? leftOut.get(hourKey(row)) : undefined;
    if (left !== undefined) sources.outOfFold += 1;
    else if (trained) sources.inSample += 1;
    else sources.outOfSample += 1;
    return left ?? own[i]!.prediction;
  });
  return { predictions, sources };
}

function hourKey({ date, hour }: { readonly date: string; readonly hour: number }): string {
  return `${date} ${hour}`;
}

/** Ends are days or months (`2024-12`), both inclusive. */
function isWithin(date: string, from: string, to: string): boolean {
  return date.slice(0, from.length) >= from && date.slice(0, to.length) <= to;
}
