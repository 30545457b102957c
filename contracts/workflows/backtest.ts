/** Workflow `backtest`: predicts every month of a span with a model that could have been trained before it. */
import { Type, type Static } from 'typebox';
import type { ArtifactRef } from '../artifact.ts';
import { RuleSet, FeatureSetName, Cache, Dataset, Seed, HyperParametersInput } from '../options.ts';
import { DEFAULT_SYSTEM, SystemId } from '../systems.ts';
import { CitibikeError } from '../errors.ts';
import type { RegressionMetrics } from '../model.ts';
import { addMonths, monthsOf } from '../calendar.ts';
import { Month, type MonthSpan } from '../months.ts';
import { QUARTER } from '../example-months.ts';
import {
  amount,
  artifactLink,
  counted,
  listed,
  outcome,
  share,
  tripsAnHour,
  type Outcome,
  type StoredResult,
} from '../outcome.ts';
import type { WorkflowContract } from '../workflow-contract.ts';

/**
 * Sets the default of `lateMonths`, the whole months between the last training month and the predicted month.
 *
 * The publisher provides a month's archive some days into the next month. A model for a whole month therefore lacks the month
 * before it, which is 1 late month. A service that retrains on the day of publication reaches 0 for the rest of the month. The
 * default is the stricter value, so that a live service is not worse than its backtest.
 */
export const DEFAULT_LATE_MONTHS = 1;

/** Limits the months of one backtest to what the payloads of a workflow hold. Models are cached, so two runs cost as much as one. */
export const MOST_BACKTEST_MONTHS = 24;

/** Describes the weather behind a backtest's metrics. */
export const OBSERVED_WEATHER =
  "as observed: each hour is predicted with the day's measured weather, while a live service has a forecast";

/** Describes forecast weather, and where it came from. */
export function forecastWeather({ archived, drawn }: ForecastCounts): string {
  const share = `${archived} of ${archived + drawn} forecasts of a day are archived`;
  return `as forecast, by lead day; months and all hours are of lead day 1. ${share}, the others are seeded draws from measured errors`;
}

export const BacktestInput = Type.Object(
  {
    system: SystemId,
    from: Type.String({ ...Month, title: 'first month to predict' }),
    to: Type.String({ ...Month, title: 'last month to predict' }),
    trainFrom: Type.Optional(
      Type.String({ ...Month, title: 'first month to train on; default: twelve months before `from`' }),
    ),
    window: Type.Optional(
      Type.Integer({
        title: 'largest number of months to train on; default: all since `trainFrom`',
        minimum: 1,
        maximum: 240,
        description: 'a number of months from 1 to 240',
      }),
    ),
    lateMonths: Type.Integer({
      title: 'months that are not published yet when a month begins',
      minimum: 0,
      maximum: 12,
      default: DEFAULT_LATE_MONTHS,
      description: 'a number of months from 0 to 12',
    }),
    refit: Type.Union([Type.Literal('monthly'), Type.Literal('never')], {
      title: 'train a model for each month, or only one before the first month',
      default: 'monthly',
      description: "'monthly' or 'never'",
    }),
    level: Type.Union([Type.Literal('off'), Type.Literal('on')], {
      title: 'multiply predictions by the level of the months published since the training, as forecasts do',
      default: 'off',
      description: "'off' or 'on'",
    }),
    weather: Type.Union([Type.Literal('observed'), Type.Literal('forecast')], {
      title: 'predict from the observed weather, or from weather forecasts by lead day',
      default: 'observed',
      description: "'observed' or 'forecast'",
    }),
    rules: RuleSet,
    dataset: Type.Optional(Dataset),
    featureSet: FeatureSetName,
    hyperParameters: HyperParametersInput,
    seed: Seed,
    cache: Cache,
  },
  { additionalProperties: false },
);
export type BacktestInput = Static<typeof BacktestInput>;

export const contract: WorkflowContract = {
  name: 'backtest',
  title: 'Backtest',
  description: 'Predict past months, each with a model that could have been trained before it.',
  input: BacktestInput,
  versioning: 'pinned',
  outcome: outcomeOf,
  start: {
    order: 50,
    example: { system: DEFAULT_SYSTEM, ...QUARTER },
    further: [{ system: DEFAULT_SYSTEM, ...QUARTER, weather: 'forecast', level: 'on' }],
  },
};

export interface BacktestMonth {
  readonly month: Month;
  readonly trainedOn: MonthSpan;
}

export interface MonthMetrics extends BacktestMonth {
  readonly metrics: RegressionMetrics;
}

/** Represents the options that change what a backtest measures. Absent options have their default. */
export interface BacktestVariant {
  readonly refit?: 'never';
  readonly level?: 'on';
}

/** Counts the weather forecasts of a day at a lead day: kept ones, and draws that stand for them. */
export interface ForecastCounts {
  readonly archived: number;
  readonly drawn: number;
}

/** Holds metrics by lead day. Its fields are present if the weather is forecast. */
export interface BacktestLeads {
  readonly leads?: readonly { readonly leadDay: number; readonly metrics: RegressionMetrics }[];
  /** Metrics of the same models over the same hours with the observed weather. */
  readonly observed?: RegressionMetrics;
  readonly forecasts?: ForecastCounts;
}

export interface BacktestResult extends BacktestVariant, BacktestLeads {
  readonly system: SystemId;
  /** Metrics over all hours at once, which differ from the mean of the months. */
  readonly metrics: RegressionMetrics;
  /** Metrics of the naive forecast, from the same training months and over the same hours. */
  readonly naive: RegressionMetrics;
  readonly months: readonly MonthMetrics[];
  readonly lateMonths: number;
  readonly weather: string;
  /** JSON of this result and of each hour's prediction. `page` shows the same as HTML. */
  readonly report: ArtifactRef;
  readonly page: ArtifactRef;
  readonly synthetic: boolean;
  /** True if every model came from the cache. */
  readonly cached: boolean;
}

/**
 * Plans the training months of each predicted month: from `trainFrom` to `lateMonths` + 1 months before it, and at most the
 * newest `window`. By default training begins twelve months before the first predicted month. With `refit: never`, one model of all
 * months before the first predicts every month, however late archives are.
 * @throws CitibikeError INVALID_INPUT if there are too many months, or if a month has no training months.
 */
export function backtestMonths(
  input: Pick<BacktestInput, 'from' | 'to' | 'trainFrom' | 'window' | 'lateMonths' | 'refit'>,
): BacktestMonth[] {
  const months = monthsOf(input);
  if (months.length > MOST_BACKTEST_MONTHS) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `to: got ${months.length} months from ${input.from}, expected at most ${MOST_BACKTEST_MONTHS}. Split them into several backtests`,
      { field: 'to' },
    );
  }
  const start = input.trainFrom ?? addMonths(input.from, -12);
  return months.map((month) => {
    const to = input.refit === 'never' ? addMonths(input.from, -1) : addMonths(month, -1 - input.lateMonths);
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

/** Returns the months that are published when a month begins and that its model was not trained on; null if there are none. */
export function monthsOfLevel(
  { month, trainedOn }: BacktestMonth,
  { lateMonths }: Pick<BacktestInput, 'lateMonths'>,
): MonthSpan | null {
  const span = { from: addMonths(trainedOn.to, 1), to: addMonths(month, -1 - lateMonths) };
  return span.from <= span.to ? span : null;
}

function outcomeOf(result: StoredResult<BacktestResult>): Outcome {
  const { system, months = [], metrics, naive, lateMonths, refit, level, weather, page, leads } = result;
  const error = `RMSE ${tripsAnHour(metrics?.rmse) ?? '?'}`;
  return outcome(
    `Predicted ${counted(months?.length ?? 0, 'month')} of ${system ?? '?'} with ${error}; the naive forecast has ${tripsAnHour(naive?.rmse) ?? '?'}.`,
    [
      ['RMSE', tripsAnHour(metrics?.rmse)],
      ['naive RMSE', tripsAnHour(naive?.rmse)],
      ['MAE', tripsAnHour(metrics?.mae)],
      ['R²', amount(metrics?.r2)],
      ['coverage (90 %)', share(metrics?.coverage)],
      ['late months', amount(lateMonths)],
      ['refit', refit ?? 'monthly'],
      ['level', level ?? 'off'],
      ['lead days', leads ? amount(leads.length) : undefined],
      [
        'RMSE by month',
        listed(
          months?.map(({ month, metrics: { rmse } }) => `${month} ${amount(rmse)}`),
          24,
        ),
      ],
      [
        'RMSE by lead day',
        listed(leads?.map(({ leadDay, metrics: { rmse } }) => `${leadDay}: ${amount(rmse)}`)),
      ],
      ['weather', weather],
    ],
    [artifactLink('backtest report', page)],
  );
}
