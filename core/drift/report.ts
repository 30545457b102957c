/** The report of a drift check: JSON artifact, source of the rows in Postgres and of the page. */
import type { ArtifactRef } from '../../contracts/artifact.ts';
import type { System } from '../../contracts/inputs.ts';
import type { Comparison, WeekComparison } from './compare.ts';
import type { Decision } from './decision.ts';

export const DRIFT_REPORT_SCHEMA_VERSION = 1;

/** Where the predictions of a span come from, in hours. */
export interface PredictionSources {
  /** Made in cross-validation by a model that had not seen the hour. */
  readonly outOfFold: number;
  /** Made by the model itself, on hours outside the months it was trained on. */
  readonly outOfSample: number;
  /** Made by the model itself on hours it was trained on: errors look too good. */
  readonly inSample: number;
}

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
  readonly reference: ReportSpan;
  readonly current: ReportSpan;
  readonly whole: Comparison;
  /** By ISO week, ascending: `2025-W01`. A week at either end of current holds the days that there are. */
  readonly weeks: Readonly<Record<string, WeekComparison>>;
  readonly decision: Decision;
}
