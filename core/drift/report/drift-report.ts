/** Defines the JSON report of a drift check, from which the rows in Postgres and the page are made. */
import type { ArtifactRef } from '../../../contracts/artifact.ts';
import type { Comparison, WeekComparison } from '../evidently/compare.ts';
import type { Decision } from '../decision/decision.ts';
import type { ColumnHistogram } from './histograms.ts';
import type { ResidualComparison } from '../residuals/compare-residuals.ts';
import type { PredictionSources } from '../monitored-predictions.ts';
import type { SystemId } from '../../../contracts/systems.ts';

export const DRIFT_REPORT_SCHEMA_VERSION = 3;

export interface ReportSpan {
  readonly frame: ArtifactRef;
  /** First and last date with rows. */
  readonly from: string;
  readonly to: string;
  readonly hours: number;
  readonly predictions: PredictionSources;
}

export interface DriftReport {
  readonly schemaVersion: typeof DRIFT_REPORT_SCHEMA_VERSION;
  readonly system: SystemId;
  readonly model: string;
  readonly modelVersion: string;
  readonly synthetic: boolean;
  /** False while the trips of current are unpublished. Then only weather and predictions are compared. */
  readonly withTrips: boolean;
  readonly reference: ReportSpan;
  readonly current: ReportSpan;
  readonly whole: Comparison;
  /** Comparisons by ISO week (`2025-W01`), ascending. The first and last week may be incomplete. */
  readonly weeks: Readonly<Record<string, WeekComparison>>;
  /** Histograms by column. */
  readonly histograms: Readonly<Record<string, ColumnHistogram>>;
  /** Comparison of residuals. Null if the model has no out-of-fold predictions of reference. */
  readonly likeWithLike: ResidualComparison | null;
  readonly decision: Decision;
}
