/** Scores a refit on the weeks that its training hid. It trains on the newest months, so no later ones are left to test it on. */
import { CitibikeError } from '../../contracts/errors.ts';
import type { FrameRow } from '../../contracts/frame.ts';
import type { ModelSpec, RegressionMetrics } from '../../contracts/model.ts';
import { epochDayOf, weekdayOf } from '../../contracts/calendar.ts';
import { regressionMetrics, type Scored } from './regression-metrics.ts';
import { meanByCalendar } from './naive.ts';
import type { OutOfFoldRow } from '../training/out-of-fold.ts';

export interface HiddenWeeksReport {
  readonly schemaVersion: 2;
  readonly trainedOn: ModelSpec['trainedOn'];
  /** Describes the hours that the metrics are from. */
  readonly scoredOn: 'whole weeks of the training span, hidden in turn';
  readonly metrics: RegressionMetrics;
  /** Forecast by the mean of the other weeks by hour, weekday and month. */
  readonly naive: { readonly meanByCalendar: RegressionMetrics };
}

/**
 * Scores the out-of-fold predictions of the training hours.
 * @param train rows that the version was trained on.
 * @param outOfFold predictions of networks that had not seen the week of the hour.
 * @throws CitibikeError BAD_MODEL when no hour of `train` was hidden.
 */
export function scoreHiddenWeeks(
  trainedOn: ModelSpec['trainedOn'],
  train: readonly FrameRow[],
  outOfFold: readonly OutOfFoldRow[],
): HiddenWeeksReport {
  const hidden = new Map(outOfFold.map((row) => [`${row.date} ${row.hour}`, row]));
  const scored = train.flatMap((row): Scored[] => {
    const predicted = hidden.get(`${row.date} ${row.hour}`);
    if (!predicted || !Number.isFinite(predicted.prediction)) return [];
    return [
      { actual: row.trips, prediction: predicted.prediction, lower: predicted.lower, upper: predicted.upper },
    ];
  });
  if (scored.length === 0) {
    throw new CitibikeError(
      'BAD_MODEL',
      'the model has no out-of-fold predictions of its training hours, which the evaluation of a refit needs: train on a longer span',
    );
  }
  return {
    schemaVersion: 2,
    trainedOn,
    scoredOn: 'whole weeks of the training span, hidden in turn',
    metrics: regressionMetrics(scored),
    naive: { meanByCalendar: regressionMetrics(naiveOf(train)) },
  };
}

/** Forecasts each week from all others, as the folds do. */
function naiveOf(train: readonly FrameRow[]): Scored[] {
  const weekOf = ({ date }: FrameRow) => epochDayOf(date) - weekdayOf(epochDayOf(date));
  return [...Map.groupBy(train, weekOf)].flatMap(([week, rows]) => {
    const means = meanByCalendar(
      train.filter((row) => weekOf(row) !== week),
      rows,
    );
    return rows.map(({ trips }, i) => ({ actual: trips, prediction: means[i]! }));
  });
}
