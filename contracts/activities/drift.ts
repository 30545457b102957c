/** Activities of the stage `drift`. */
import type { ArtifactRef, Produced } from '../artifact.ts';
import type { MonthSpan } from '../months.ts';
import type { System } from '../options.ts';

export interface DriftCheck {
  readonly system: System;
  readonly model: string;
  readonly version: string;
  /** JSON report with one entry an ISO week. */
  readonly report: ArtifactRef;
  /** The same as a self-contained page. */
  readonly html: ArtifactRef;
  readonly weeks: number;
  readonly driftedWeeks: number;
  readonly decision: 'keep' | 'watch' | 'retrain' | 'alert';
  readonly reasons: readonly string[];
  /** False while the trips of current are not published: then quality is not measured, and nothing is retrained. */
  readonly withTrips: boolean;
  readonly cached: boolean;
}

/** What a drift check's retraining is told apart by: however often the month is checked, a version is retrained for it once. */
interface RetrainingKey {
  readonly model: string;
  /** The champion that was found wanting. */
  readonly modelVersion: string;
  /** `2025-03`, the last month of the span checked. */
  readonly month: string;
}

export interface DriftActivities {
  checkDrift(input: {
    system: System;
    model?: string;
    reference: ArtifactRef;
    current: ArtifactRef;
    /** Days of current that are checked, both ends inclusive; left out: all there are. */
    days?: { readonly from: string; readonly to: string };
    cache: boolean;
  }): Promise<DriftCheck>;
  /**
   * Upserts the report's rows, one a week, and logs the report to the model's MLflow run. Hours with trips also go to `actual_hours`,
   * which the live accuracy of each version is measured by. A check without trips never takes back what one with trips wrote.
   */
  recordDrift(input: { report: ArtifactRef; html: ArtifactRef }): Promise<{ rows: number }>;
  /** The frame of months whose trips are not published: every hour of the span with its weather, trips null. */
  frameWithoutTrips(input: {
    system: System;
    span: MonthSpan;
    weather: readonly { year: number; ref: ArtifactRef }[];
    synthetic: boolean;
    cache: boolean;
  }): Promise<Produced>;
  /** Whether this check may retrain: once a version and month, and within the bound of inputs/drift.yaml. */
  claimRetraining(
    input: RetrainingKey & { system: System },
  ): Promise<{ granted: boolean; reason: string | null }>;
  /** What came of it. */
  closeRetraining(
    input: RetrainingKey & {
      outcome: 'promoted' | 'rejected' | 'failed';
      candidate: string | null;
      heir: string | null;
      reason: string;
    },
  ): Promise<void>;
}
