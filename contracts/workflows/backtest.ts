/** Workflow `backtest`: predicts every month of a span with a model that could have been trained before it. */
import { Type, type Static } from 'typebox';
import { ArtifactRef } from '../artifact.ts';
import { System, RuleSet, FeatureSetName, Flag, Seed, HyperParametersInput } from '../options.ts';
import { CitibikeError } from '../errors.ts';
import type { RegressionMetrics } from '../model.ts';
import { addMonths, monthsOf } from '../calendar.ts';
import { Month, type MonthSpan } from '../months.ts';
import { QUARTER } from '../example-months.ts';
import type { WorkflowContract } from '../workflow-contract.ts';

/**
 * Whole months that are missing between the last month trained on and the month predicted; the default of `lateMonths`.
 *
 * The archive of a month appears some days into the next: when a month begins, the one before it has ended, but its rides cannot be had
 * yet, and a model for the whole of the month has to do without them. 1 is that, to the day, for the first days of a month, and too
 * strict for the rest of it, when a service that retrains on the day of publication knows one month more. 0 is what such a service
 * reaches at best. A backtest must not promise more than it would have kept, so the stricter one is the default.
 */
export const DEFAULT_LATE_MONTHS = 1;

/** More in one run would not fit into the payloads of a workflow; fits are cached, so two runs cost what one would. */
export const MOST_BACKTEST_MONTHS = 24;

/** The other thing to know about a backtest's figures, beside the lateness. */
export const OBSERVED_WEATHER =
  "as observed: each hour is predicted with the day's measured weather, where a live service has a forecast of it";

export const BacktestInput = Type.Object(
  {
    system: System,
    /** Months to predict, both ends inclusive. */
    from: Month,
    to: Month,
    /** First month to train on; left out: twelve months before `from`. */
    trainFrom: Type.Optional(Month),
    /** Train on so many months at most, the newest; left out: on all since `trainFrom`. */
    window: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 240, description: 'a number of months from 1 to 240' }),
    ),
    /** Whole months that are not there yet when a month begins: see `DEFAULT_LATE_MONTHS`. */
    lateMonths: Type.Integer({
      minimum: 0,
      maximum: 12,
      default: DEFAULT_LATE_MONTHS,
      description: 'a number of months from 0 to 12',
    }),
    rules: RuleSet,
    /** Manifest of the months to use; left out: the newest data set of every month asked for. */
    dataset: Type.Optional(ArtifactRef),
    featureSet: FeatureSetName,
    hyperParameters: HyperParametersInput,
    seed: Seed,
    cache: Flag(true),
  },
  { additionalProperties: false },
);
export type BacktestInput = Static<typeof BacktestInput>;

export const contract: WorkflowContract = {
  name: 'backtest',
  title: 'Backtest',
  description: 'Predict past months, each with a model that could have been trained before it.',
  input: BacktestInput,
  start: { order: 50, example: { system: 'nyc', ...QUARTER } },
};

export interface BacktestMonth {
  readonly month: Month;
  readonly trainedOn: MonthSpan;
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
