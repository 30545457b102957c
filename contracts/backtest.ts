/** A backtest: every month of a span predicted by a model that could have been trained before it, as if the service had been live. */
import { addMonths, monthsOf } from './calendar.ts';
import type { ArtifactRef } from './artifact.ts';
import { CitibikeError } from './errors.ts';
import type { BacktestInput, System } from './inputs.ts';
import type { RegressionMetrics } from './model.ts';
import { type Month, type MonthSpan } from './months.ts';

/** More in one run would not fit into the payloads of a workflow; fits are cached, so two runs cost what one would. */
export const MOST_BACKTEST_MONTHS = 24;

/** The other thing to know about a backtest's figures, beside the lateness. */
export const OBSERVED_WEATHER =
  "as observed: each hour is predicted with the day's measured weather, where a live service has a forecast of it";

export interface BacktestMonth {
  readonly month: Month;
  readonly trainedOn: MonthSpan;
}

/**
 * What each month is predicted from: the months up to `lateMonths` + 1 before it, since `trainFrom`, of those the newest `window` where
 * that is given. Without `trainFrom` training begins twelve months before the first month predicted.
 * @throws CitibikeError INVALID_INPUT when there are too many months, or none to train on before one of them.
 */
export function backtestMonths(
  input: Pick<BacktestInput, 'from' | 'to' | 'trainFrom' | 'window' | 'lateMonths'>,
): BacktestMonth[] {
  const months = monthsOf(input);
  if (months.length > MOST_BACKTEST_MONTHS) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `to: got ${months.length} months from ${input.from}, expected at most ${MOST_BACKTEST_MONTHS}: start one backtest after the other`,
      { field: 'to' },
    );
  }
  const start = input.trainFrom ?? addMonths(input.from, -12);
  return months.map((month) => {
    const to = addMonths(month, -1 - input.lateMonths);
    const newest = input.window === undefined ? start : addMonths(to, 1 - input.window);
    const from = newest > start ? newest : start;
    if (from > to) {
      throw new CitibikeError(
        'INVALID_INPUT',
        `trainFrom: got ${start}, expected ${to} or earlier: ${month} is predicted from months up to ${to} (lateMonths ${input.lateMonths})`,
        { field: 'trainFrom' },
      );
    }
    return { month, trainedOn: { from, to } };
  });
}

/** A month as it was predicted. */
export interface ScoredMonth extends BacktestMonth {
  /** JSON of `BacktestHours`. */
  readonly hours: ArtifactRef;
  readonly cached: boolean;
}

/** JSON artifact, one column each, hours in order; trips an hour. */
export interface BacktestHours extends BacktestMonth {
  readonly schemaVersion: 1;
  /** `YYYY-MM-DD` */
  readonly date: readonly string[];
  readonly hour: readonly number[];
  readonly actual: readonly number[];
  readonly prediction: readonly number[];
  /** Null where the model has no interval. */
  readonly lower: readonly (number | null)[];
  readonly upper: readonly (number | null)[];
  /** Mean of the same training months by hour, weekday and month. */
  readonly naive: readonly number[];
}

export interface MonthMetrics extends BacktestMonth {
  readonly metrics: RegressionMetrics;
}

export interface BacktestResult {
  readonly system: System;
  /** Over all hours at once, which is not the mean of the months. */
  readonly metrics: RegressionMetrics;
  /** The naive forecast, made from the same training months, over the same hours. */
  readonly naive: RegressionMetrics;
  readonly months: readonly MonthMetrics[];
  readonly lateMonths: number;
  readonly weather: string;
  /** JSON of this result and of every hour's prediction; a page of the same. */
  readonly report: ArtifactRef;
  readonly page: ArtifactRef;
  readonly synthetic: boolean;
  /** Every model was found. */
  readonly cached: boolean;
}

export interface BacktestActivities {
  /** Predicts a month it was not trained on, hour by hour. */
  scoreMonth(input: {
    month: BacktestMonth;
    model: ArtifactRef;
    train: ArtifactRef;
    test: ArtifactRef;
    cache: boolean;
  }): Promise<ScoredMonth>;
  /** Metrics by month and over all hours of the months given, with a report of them. */
  poolMonths(input: {
    system: System;
    lateMonths: number;
    hours: readonly ArtifactRef[];
    synthetic: boolean;
  }): Promise<Omit<BacktestResult, 'synthetic' | 'cached'>>;
}
