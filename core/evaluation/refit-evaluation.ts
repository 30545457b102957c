/** An heir is trained on the newest months there are, so no later ones are left to test it on: it is scored on its hidden weeks. */
import { CitibikeError } from '../../contracts/errors.ts';
import type { FrameRow } from '../../contracts/frame.ts';
import type { ModelSpec, RegressionMetrics } from '../../contracts/model.ts';
import { epochDayOf, weekdayOf } from '../../contracts/calendar.ts';
import { regressionMetrics, type Scored } from './metrics.ts';
import { meanByCalendar } from './naive.ts';
import type { OutOfFoldRow } from '../training/out-of-fold.ts';

export interface HeirEvaluation {
  readonly schemaVersion: 2;
  readonly trainedOn: ModelSpec['trainedOn'];
  /** What the metrics were measured on. */
  readonly scoredOn: 'whole weeks of the training span, hidden in turn';
  readonly metrics: RegressionMetrics;
  /** Mean of the other weeks by hour, weekday and month. */
  readonly naive: { readonly meanByCalendar: RegressionMetrics };
}

/**
 * @param train rows the heir was fitted on.
 * @param outOfFold what networks that had not seen an hour's week said of it.
 * @throws CitibikeError BAD_MODEL when no hour of `train` was hidden.
 */
export function evaluateHeir(
  trainedOn: ModelSpec['trainedOn'],
  train: readonly FrameRow[],
  outOfFold: readonly OutOfFoldRow[],
): HeirEvaluation {
  const hidden = new Map(outOfFold.map((row) => [`${row.date} ${row.hour}`, row]));
  const scored = train.flatMap((row): Scored[] => {
    const said = hidden.get(`${row.date} ${row.hour}`);
    if (!said || !Number.isFinite(said.prediction)) return [];
    return [{ actual: row.trips, prediction: said.prediction, lower: said.lower, upper: said.upper }];
  });
  if (scored.length === 0) {
    throw new CitibikeError(
      'BAD_MODEL',
      'the model left no out-of-fold predictions of its training hours, by which an heir is judged: train on a longer span',
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

/** Each week forecast from all others, as the folds were. */
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
