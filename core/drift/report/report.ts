/** The report of a drift check: JSON artifact, source of the rows in Postgres and of the page. */
import type { ArtifactRef } from '../../../contracts/artifact.ts';
import type { Comparison, WeekComparison } from '../evidently/compare.ts';
import type { Decision } from '../decision/decision.ts';
import type { ColumnHistogram } from './histograms.ts';
import type { LikeWithLike } from '../residuals/like-with-like.ts';
import type { PredictionSources } from '../monitored-predictions.ts';
import type { System } from '../../../contracts/options.ts';

export const DRIFT_REPORT_SCHEMA_VERSION = 3;

export interface ReportSpan {
  readonly frame: ArtifactRef;
  /** First and last date present. */
  readonly from: string;
  readonly to: string;
  readonly hours: number;
  readonly predictions: PredictionSources;
}

export interface DriftReport {
  readonly schemaVersion: typeof DRIFT_REPORT_SCHEMA_VERSION;
  readonly system: System;
  readonly model: string;
  readonly modelVersion: string;
  readonly synthetic: boolean;
  /** False while the trips of current are not published: then weather and predictions alone are compared. */
  readonly withTrips: boolean;
  readonly reference: ReportSpan;
  readonly current: ReportSpan;
  readonly whole: Comparison;
  /** By ISO week, ascending: `2025-W01`. A week at either end of current holds the days that there are. */
  readonly weeks: Readonly<Record<string, WeekComparison>>;
  /** By column. */
  readonly histograms: Readonly<Record<string, ColumnHistogram>>;
  /** Null where the model has no out-of-fold predictions to hold current against. */
  readonly likeWithLike: LikeWithLike | null;
  readonly decision: Decision;
}
