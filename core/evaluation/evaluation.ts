/** Evaluates a model on hours that it was not trained on, in groups and in comparison with naive forecasts. */
import { CitibikeError } from '../../contracts/errors.ts';
import type { FrameRow } from '../../contracts/frame.ts';
import type { ModelSpec, RegressionMetrics } from '../../contracts/model.ts';
import { WEATHER_BINS, groupedMetrics, type GroupedMetrics } from './evaluation-groups.ts';
import type { Importance } from './importance.ts';
import { regressionMetrics, type Scored } from './regression-metrics.ts';
import { meanByCalendar, sameHourLastWeek } from './naive.ts';
import type { ServingModel } from '../serving/serving-model.ts';
import type { TrainingReport } from '../training/training-report.ts';
import { inputOf } from '../training/training-set.ts';

/** Is the mean length of a year in days. */
const YEAR_DAYS = 365.25;

export interface EvaluationReport extends GroupedMetrics {
  readonly schemaVersion: 2;
  readonly trainedOn: ModelSpec['trainedOn'];
  /** First and last date scored, `YYYY-MM-DD`. */
  readonly scoredOn: { readonly from: string; readonly to: string };
  readonly growth: ModelSpec['growth'] & YearlyGrowth;
  readonly metrics: RegressionMetrics;
  /** Number of hours without a trip. MAPE omits them, because it divides by the actual trips. */
  readonly hoursWithoutTrips: number;
  /** Metrics of the same network without growth, because one year does not reliably separate growth from season. */
  readonly withoutGrowth: RegressionMetrics;
  readonly naive: {
    /** Forecast by the mean of the training span by hour, weekday and month. */
    readonly meanByCalendar: RegressionMetrics;
    /** Null if the trips of the week before are unknown for every test hour. */
    readonly sameHourLastWeek: RegressionMetrics | null;
  };
  /** Metrics on hidden hours of the training span. Null if the version has no training report. */
  readonly insideTraining: {
    readonly weekBlocks: HiddenHours;
    /** Metrics of the common random split. */
    readonly randomSplit: HiddenHours;
  } | null;
  /** The most important input comes first. */
  readonly importance: readonly Importance[];
  /** Definitions of the groups by weather. */
  readonly weatherBins: typeof WEATHER_BINS;
}

interface HiddenHours {
  readonly meaning: string;
  readonly metrics: RegressionMetrics;
}

/** Represents the growth per year as a share (0.1 is 10 %), with its standard error. */
interface YearlyGrowth {
  readonly yearly: number;
  readonly yearlyStandardError: number;
}

const WEEK_BLOCKS_MEANING = 'whole weeks of the training span, hidden in turn';
const RANDOM_SPLIT_MEANING = 'random 20 % of the training hours; rewards memorising days';

/** Returns actual and predicted trips of each row, in order. */
export function score(model: ServingModel, rows: readonly FrameRow[]): Scored[] {
  return model.predict(rows.map(inputOf)).map(({ prediction, lower, upper }, i) => ({
    actual: rows[i]!.trips,
    prediction,
    lower,
    upper,
  }));
}

export interface Evaluated {
  readonly report: EvaluationReport;
  /** One element per row of the test span, for pictures. */
  readonly scored: readonly Scored[];
}

/**
 * Evaluates a model.
 * @param train training rows of the model, from which the naive forecasts are computed.
 * @param training report of the training with its scores on hidden hours, or null.
 * @param importance result of `permutationImportances` on the same rows.
 * @throws CitibikeError INVALID_INPUT when the spans overlap or `test` is empty.
 */
export function evaluate(
  model: ServingModel,
  train: readonly FrameRow[],
  test: readonly FrameRow[],
  training: Pick<TrainingReport, 'weekBlocks' | 'randomSplit'> | null,
  importance: readonly Importance[],
): Evaluated {
  rejectOverlap(train, test);
  const scored = score(model, test);
  const report: EvaluationReport = {
    schemaVersion: 2,
    trainedOn: model.spec.trainedOn,
    scoredOn: { from: test[0]!.date, to: test.at(-1)!.date },
    growth: { ...model.spec.growth, ...yearlyGrowth(model.spec.growth) },
    metrics: regressionMetrics(scored),
    hoursWithoutTrips: test.filter(({ trips }) => trips === 0).length,
    withoutGrowth: regressionMetrics(score(model.withoutGrowth(), test)),
    naive: naiveMetrics(train, test),
    insideTraining: training && insideTraining(training),
    ...groupedMetrics(test, scored),
    importance: importance.toSorted((a, b) => b.rmseIncrease - a.rmseIncrease),
    weatherBins: WEATHER_BINS,
  };
  return { report, scored };
}

function rejectOverlap(train: readonly FrameRow[], test: readonly FrameRow[]): void {
  if (test.length === 0) {
    throw new CitibikeError('INVALID_INPUT', 'test: got no hours to score, expected at least one', {
      field: 'test',
    });
  }
  const last = train.at(-1)?.date ?? '';
  const overlap = test.find(({ date }) => date <= last);
  if (!overlap) return;
  throw new CitibikeError(
    'INVALID_INPUT',
    `test: ${overlap.date} is not after the training span, which ends on ${last}; evaluate on later months`,
    { field: 'test', value: overlap.date },
  );
}

function naiveMetrics(train: readonly FrameRow[], test: readonly FrameRow[]): EvaluationReport['naive'] {
  const means = meanByCalendar(train, test);
  const lastWeek = sameHourLastWeek(train, test);
  const weekAgo = test.flatMap(({ trips }, i) => {
    const prediction = lastWeek[i];
    return prediction === undefined ? [] : [{ actual: trips, prediction }];
  });
  return {
    meanByCalendar: regressionMetrics(test.map(({ trips }, i) => ({ actual: trips, prediction: means[i]! }))),
    sameHourLastWeek: weekAgo.length > 0 ? regressionMetrics(weekAgo) : null,
  };
}

function insideTraining({
  weekBlocks,
  randomSplit,
}: Pick<TrainingReport, 'weekBlocks' | 'randomSplit'>): EvaluationReport['insideTraining'] {
  const { folds: _folds, ...blocks } = weekBlocks;
  const { note: _note, ...split } = randomSplit;
  return {
    weekBlocks: { meaning: WEEK_BLOCKS_MEANING, metrics: blocks },
    randomSplit: { meaning: RANDOM_SPLIT_MEANING, metrics: split },
  };
}

/** Compounds the rate per day over a year. The standard error is a first-order approximation. */
export function yearlyGrowth({ rate, standardError }: ModelSpec['growth']): YearlyGrowth {
  const factor = Math.exp(rate * YEAR_DAYS);
  return { yearly: factor - 1, yearlyStandardError: factor * standardError * YEAR_DAYS };
}
