/** Defines the activities of a backtest. */
import type { ArtifactRef } from '../artifact.ts';
import type { SystemId } from '../systems.ts';
import type {
  BacktestMonth,
  BacktestResult,
  BacktestVariant,
  ForecastCounts,
} from '../workflows/backtest.ts';

/** Represents a predicted month. */
export interface ScoredMonth extends BacktestMonth {
  /** JSON of `BacktestHours`. */
  readonly hours: ArtifactRef;
  readonly cached: boolean;
}

/** Describes the JSON artifact of a month's predictions in trips per hour, with one list per column, in the order of hours. */
export interface BacktestHours extends BacktestMonth {
  readonly schemaVersion: 1;
  /** `YYYY-MM-DD` */
  readonly date: readonly string[];
  readonly hour: readonly number[];
  readonly actual: readonly number[];
  readonly prediction: readonly number[];
  /** Null if the model has no interval. */
  readonly lower: readonly (number | null)[];
  readonly upper: readonly (number | null)[];
  /** Mean of the same training months, by hour, weekday and month. */
  readonly naive: readonly number[];
  /** Present if the weather is forecast. The columns above are then those of lead day 1. */
  readonly forecast?: {
    readonly leads: readonly LeadHours[];
    /** Predictions from the observed weather. */
    readonly observed: readonly number[];
    readonly forecasts: ForecastCounts;
  };
}

/** Describes the predictions of one lead day, in the order of hours. */
export interface LeadHours {
  readonly leadDay: number;
  readonly prediction: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

export interface BacktestActivities {
  /** Predicts each hour of a month that the model was not trained on. */
  scoreMonth(input: {
    month: BacktestMonth;
    model: ArtifactRef;
    train: ArtifactRef;
    test: ArtifactRef;
    /** Present if predictions follow the level. `published` is the frame of the months that it is estimated from, if there are any. */
    level?: { published: ArtifactRef | null };
    /** Present if the weather is forecast. `before` is the frame of the month before, and the seed is that of the draws. */
    forecast?: { system: SystemId; before: ArtifactRef; seed: number };
    cache: boolean;
  }): Promise<ScoredMonth>;
  /** Computes metrics by month and over all hours of the months, and writes a report. */
  poolMonths(input: {
    system: SystemId;
    lateMonths: number;
    hours: readonly ArtifactRef[];
    synthetic: boolean;
    variant?: BacktestVariant;
  }): Promise<Omit<BacktestResult, 'synthetic' | 'cached'>>;
}
