/** Predicts the hours of backtest months and scores them together. */
import {
  forecastWeather,
  OBSERVED_WEATHER,
  type BacktestLeads,
  type BacktestMonth,
  type BacktestResult,
  type BacktestVariant,
} from '../../contracts/workflows/backtest.ts';
import type { BacktestHours } from '../../contracts/activities/backtest.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { FrameRow } from '../../contracts/frame.ts';
import type { LevelAt } from '../forecast/level.ts';
import { scoreAtLevel } from '../forecast/score-at-level.ts';
import { score } from './evaluation.ts';
import { regressionMetrics, type Scored } from './regression-metrics.ts';
import { meanByCalendar } from './naive.ts';
import type { ServingModel } from '../serving/serving-model.ts';

/**
 * Predicts one month of a backtest.
 * @param train training rows of the model.
 * @param test hours of `month.month`.
 * @param levelAt level of the predictions; null predicts as the service does.
 * @throws CitibikeError INVALID_INPUT when the training span of the model differs from that of `month`, or rows lie outside their months.
 */
export function backtestHours(
  month: BacktestMonth,
  model: ServingModel,
  train: readonly FrameRow[],
  test: readonly FrameRow[],
  levelAt: LevelAt | null = null,
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
  const scored = levelAt ? scoreAtLevel(model, test, levelAt) : score(model, test);
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

/** Replaces the predictions by those of lead day 1, and adds all lead days. */
export function withLeads(
  hours: BacktestHours,
  { leads, forecasts }: Omit<NonNullable<BacktestHours['forecast']>, 'observed'>,
): BacktestHours {
  const { prediction, lower, upper } = leads[0]!;
  return { ...hours, prediction, lower, upper, forecast: { leads, observed: hours.prediction, forecasts } };
}

function scoredOf(
  actual: readonly number[],
  { prediction, lower, upper }: Pick<BacktestHours, 'prediction' | 'lower' | 'upper'>,
): Scored[] {
  return actual.map((value, i) => ({
    actual: value,
    prediction: prediction[i]!,
    lower: lower[i]!,
    upper: upper[i]!,
  }));
}

/** Represents the result of a backtest without its storage locations. */
export type PooledMonths = Pick<BacktestResult, 'metrics' | 'naive' | 'months' | 'lateMonths' | 'weather'> &
  BacktestVariant &
  BacktestLeads;

/** Pools the hours of all months, so that each hour counts once. A mean of monthly metrics would weigh short months more. */
export function poolMonths(
  months: readonly BacktestHours[],
  lateMonths: number,
  variant: BacktestVariant = {},
): PooledMonths {
  const pooledLeads = poolLeads(months);
  return {
    metrics: regressionMetrics(months.flatMap((hours) => scoredOf(hours.actual, hours))),
    naive: regressionMetrics(months.flatMap(({ actual, naive }) => predicted(actual, naive))),
    months: months.map((hours) => ({
      month: hours.month,
      trainedOn: hours.trainedOn,
      metrics: regressionMetrics(scoredOf(hours.actual, hours)),
    })),
    lateMonths,
    weather: pooledLeads.forecasts ? forecastWeather(pooledLeads.forecasts) : OBSERVED_WEATHER,
    ...variant,
    ...pooledLeads,
  };
}

function poolLeads(months: readonly BacktestHours[]): BacktestLeads {
  const forecasts = months.flatMap(({ actual, forecast }) => (forecast ? [{ actual, ...forecast }] : []));
  const [first] = forecasts;
  if (!first) return {};
  return {
    leads: first.leads.map(({ leadDay }, i) => ({
      leadDay,
      metrics: regressionMetrics(forecasts.flatMap(({ actual, leads }) => scoredOf(actual, leads[i]!))),
    })),
    observed: regressionMetrics(forecasts.flatMap(({ actual, observed }) => predicted(actual, observed))),
    forecasts: {
      archived: forecasts.reduce((sum, each) => sum + each.forecasts.archived, 0),
      drawn: forecasts.reduce((sum, each) => sum + each.forecasts.drawn, 0),
    },
  };
}

function predicted(actual: readonly number[], prediction: readonly number[]): Scored[] {
  return actual.map((value, i) => ({ actual: value, prediction: prediction[i]! }));
}
