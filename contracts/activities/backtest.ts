/** Activities of a backtest. */
import type { ArtifactRef } from '../artifact.ts';
import type { System } from '../options.ts';
import type { BacktestMonth, BacktestResult } from '../workflows/backtest.ts';

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
