/** Defines the activities of the stage `drift`. */
import type { ArtifactRef, Produced } from '../artifact.ts';
import type { MonthSpan } from '../months.ts';
import type { SystemFacts, SystemId } from '../systems.ts';

export interface DriftCheck {
  readonly system: SystemId;
  readonly model: string;
  readonly version: string;
  /** JSON report with one entry per ISO week. */
  readonly report: ArtifactRef;
  /** The report as a self-contained page. */
  readonly html: ArtifactRef;
  readonly weeks: number;
  readonly driftedWeeks: number;
  readonly decision: 'keep' | 'watch' | 'retrain' | 'alert';
  readonly reasons: readonly string[];
  /** False while the trips of `current` are not published. The check then measures no quality, and no version is retrained. */
  readonly withTrips: boolean;
  readonly cached: boolean;
}

/** Identifies the retraining of a drift check. Each version is retrained at most once per month, however often it is checked. */
interface RetrainingKey {
  readonly model: string;
  /** Version that the drift check found to be outdated. */
  readonly modelVersion: string;
  /** Last month of the checked span, such as `2025-03`. */
  readonly month: string;
}

export interface DriftActivities {
  checkDrift(input: {
    system: SystemId;
    facts?: SystemFacts;
    model?: string;
    reference: ArtifactRef;
    current: ArtifactRef;
    /** Days of `current` to check, both ends inclusive. The default is all days. */
    days?: { readonly from: string; readonly to: string };
    cache: boolean;
  }): Promise<DriftCheck>;
  /**
   * Upserts one row per week and logs the report to the MLflow run of the version. Writes hours with trips to `actual_hours` too,
   * the basis of each version's live accuracy. A check without trips never overwrites rows of a check with trips.
   */
  recordDrift(input: { report: ArtifactRef; html: ArtifactRef }): Promise<{ rows: number }>;
  /** Builds the frame of months whose trips are not published: every hour of the span with its weather and null trips. */
  frameWithoutTrips(input: {
    system: SystemId;
    facts?: SystemFacts;
    span: MonthSpan;
    weather: readonly { year: number; ref: ArtifactRef }[];
    synthetic: boolean;
    cache: boolean;
  }): Promise<Produced>;
  /** Grants one retraining per version and month, within the limit of inputs/drift.yaml. */
  claimRetraining(
    input: RetrainingKey & { system: SystemId },
  ): Promise<{ granted: boolean; reason: string | null }>;
  /** Records the outcome of a retraining. */
  closeRetraining(
    input: RetrainingKey & {
      outcome: 'promoted' | 'rejected' | 'failed';
      candidate: string | null;
      refit: string | null;
      /** Former name of `refit`, in inputs of runs that started before the new name. */
      heir?: string | null;
      reason: string;
    },
  ): Promise<void>;
}
