/** The evaluation report: a model on hours it was not fitted on, by month and by hour of day, beside naive forecasts. */
import { CitibikeError } from '../../contracts/errors.ts';
import type { FrameRow } from '../../contracts/frame.ts';
import type { ModelSpec, RegressionMetrics } from '../../contracts/model.ts';
import { regressionMetrics, type Scored } from './metrics.ts';
import { meanByCalendar, sameHourLastWeek } from './naive.ts';
import type { ServingModel } from './serving-model.ts';
import { inputOf } from './training-set.ts';

export interface EvaluationReport {
  readonly schemaVersion: 1;
  readonly trainedOn: ModelSpec['trainedOn'];
  /** First and last date scored, `YYYY-MM-DD`. */
  readonly scoredOn: { readonly from: string; readonly to: string };
  readonly growth: ModelSpec['growth'];
  readonly metrics: RegressionMetrics;
  /** The same network with growth switched off: one year cannot tell growth from season for certain. */
  readonly withoutGrowth: RegressionMetrics;
  readonly byMonth: Readonly<Record<string, RegressionMetrics>>;
  readonly byHour: Readonly<Record<string, RegressionMetrics>>;
  readonly naive: {
    /** Mean of the training span by hour, weekday and month. */
    readonly meanByCalendar: RegressionMetrics;
    /** Null when the test span holds no hour whose week before is known. */
    readonly sameHourLastWeek: RegressionMetrics | null;
  };
}

/** Actual and predicted trips of each row, in order. */
export function score(model: ServingModel, rows: readonly FrameRow[]): Scored[] {
  return model.predict(rows.map(inputOf)).map(({ prediction, lower, upper }, i) => ({
    actual: rows[i]!.trips,
    prediction,
    lower,
    upper,
  }));
}

/**
 * @param train what the model was fitted on: the naive forecasts are made from it.
 * @throws CitibikeError INVALID_INPUT when the spans overlap or `test` is empty.
 */
export function evaluate(
  model: ServingModel,
  train: readonly FrameRow[],
  test: readonly FrameRow[],
): EvaluationReport {
  const last = train.at(-1)?.date ?? '';
  const overlap = test.find(({ date }) => date <= last);
  if (overlap) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `test: ${overlap.date} is not after the training span, which ends on ${last}; evaluate on later months`,
      { field: 'test', value: overlap.date },
    );
  }
  const scored = score(model, test);
  const metrics = regressionMetrics(scored);
  const lastWeek = sameHourLastWeek(train, test);
  const weekAgo = test.flatMap(({ trips }, i) => {
    const prediction = lastWeek[i];
    return prediction === undefined ? [] : [{ actual: trips, prediction }];
  });
  const means = meanByCalendar(train, test);
  return {
    schemaVersion: 1,
    trainedOn: model.spec.trainedOn,
    scoredOn: { from: test[0]!.date, to: test.at(-1)!.date },
    growth: model.spec.growth,
    metrics,
    withoutGrowth: regressionMetrics(score(model.withoutGrowth(), test)),
    byMonth: metricsBy(test, scored, ({ date }) => date.slice(0, 7)),
    byHour: metricsBy(test, scored, ({ hour }) => String(hour)),
    naive: {
      meanByCalendar: regressionMetrics(
        test.map(({ trips }, i) => ({ actual: trips, prediction: means[i]! })),
      ),
      sameHourLastWeek: weekAgo.length > 0 ? regressionMetrics(weekAgo) : null,
    },
  };
}

/** Metrics of each group of rows, in the order in which groups first occur. */
export function metricsBy(
  rows: readonly FrameRow[],
  scored: readonly Scored[],
  keyOf: (row: FrameRow) => string,
): Record<string, RegressionMetrics> {
  const groups = Map.groupBy(scored.keys(), (i) => keyOf(rows[i]!));
  return Object.fromEntries(
    [...groups].map(([key, indices]) => [key, regressionMetrics(indices.map((i) => scored[i]!))]),
  );
}
