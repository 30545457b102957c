/** Predicts the hours of backtest months and scores them together. */
import {
  OBSERVED_WEATHER,
  type BacktestMonth,
  type BacktestResult,
} from '../../contracts/workflows/backtest.ts';
import type { BacktestHours } from '../../contracts/activities/backtest.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { FrameRow } from '../../contracts/frame.ts';
import { score } from './evaluation.ts';
import { regressionMetrics, type Scored } from './regression-metrics.ts';
import { meanByCalendar } from './naive.ts';
import type { ServingModel } from '../serving/serving-model.ts';

/**
 * Predicts one month of a backtest.
 * @param train training rows of the model.
 * @param test hours of `month.month`.
 * @throws CitibikeError INVALID_INPUT when the training span of the model differs from that of `month`, or rows lie outside their months.
 */
export function backtestHours(
  month: BacktestMonth,
  model: ServingModel,
  train: readonly FrameRow[],
  test: readonly FrameRow[],
): BacktestHours {
  const { from, to } = model.spec.trainedOn;
  const monthOf = ({ date }: FrameRow) => date.slice(0, 7);
  const late = train.find((row) => monthOf(row) > month.trainedOn.to);
  const foreign = test.find((row) => monthOf(row) !== month.month);
  if (from !== month.trainedOn.from || to !== month.trainedOn.to || late || foreign) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `${month.month}: expected a model of ${month.trainedOn.from} to ${month.trainedOn.to}, got one of ${from} to ${to}` +
        `${late ? `, with training hours of ${late.date}` : ''}${foreign ? `, and hours of ${foreign.date} to predict` : ''}`,
      { field: 'month', month: month.month },
    );
  }
  const scored = score(model, test);
  return {
    schemaVersion: 1,
    ...month,
    date: test.map(({ date }) => date),
    hour: test.map(({ hour }) => hour),
    actual: test.map(({ trips }) => trips),
    prediction: scored.map(({ prediction }) => prediction),
    lower: scored.map(({ lower }) => lower ?? null),
    upper: scored.map(({ upper }) => upper ?? null),
    naive: meanByCalendar(train, test),
  };
}

function scoredOf({ actual, prediction, lower, upper }: BacktestHours): Scored[] {
  return actual.map((value, i) => ({
    actual: value,
    prediction: prediction[i]!,
    lower: lower[i]!,
    upper: upper[i]!,
  }));
}

/** The result of a backtest without its storage locations. */
export type PooledMonths = Pick<BacktestResult, 'metrics' | 'naive' | 'months' | 'lateMonths' | 'weather'>;

/** Pools the hours of all months, so that each hour counts once. A mean of monthly metrics would weigh short months more. */
export function poolMonths(months: readonly BacktestHours[], lateMonths: number): PooledMonths {
  return {
    metrics: regressionMetrics(months.flatMap(scoredOf)),
    naive: regressionMetrics(
      months.flatMap(({ actual, naive }) =>
        actual.map((value, i) => ({ actual: value, prediction: naive[i]! })),
      ),
    ),
    months: months.map((hours) => ({
      month: hours.month,
      trainedOn: hours.trainedOn,
      metrics: regressionMetrics(scoredOf(hours)),
    })),
    lateMonths,
    weather: OBSERVED_WEATHER,
  };
}
