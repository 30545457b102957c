/** Results of the workflows: references and small facts. */
import type { ArtifactRef } from './artifact.ts';
import type { RegressionMetrics } from './model.ts';
import type { SearchResult } from './search.ts';
import type { Comparison, WeatherSummary } from './stages.ts';
import type { DriftCheck } from './drift-activities.ts';
import type { TrialResult } from './traffic.ts';

export interface IngestResult {
  readonly dataset: ArtifactRef;
  readonly months: number;
  /** Months the source lacks, where that was allowed. */
  readonly missing: readonly string[];
  /** Months whose follower was not there yet: a few rides may still come. */
  readonly provisional: readonly string[];
  readonly weather: WeatherSummary;
  readonly hours: number;
  readonly trips: number;
  readonly synthetic: boolean;
  readonly cached: boolean;
}

export interface PromotionResult extends Comparison {
  readonly version: string;
  /** Addresses of the processes that proved it, or `worker` where no prediction service was alive. */
  readonly provenBy: readonly string[];
  /** Addresses of the processes that serve it now; empty where no prediction service was alive. */
  readonly servedBy: readonly string[];
  /** Null without one: not asked for, or nothing to try it against. */
  readonly trial: TrialResult | null;
}

export interface RollbackResult extends PromotionResult {
  readonly model: string;
}

export interface TrainingResult {
  readonly model: string;
  readonly version: string;
  readonly runId: string;
  readonly backend: string;
  /** Seconds of training, from spawn to exit; of the run that made the model where it was cached. */
  readonly seconds: number;
  readonly metrics: RegressionMetrics;
  readonly naive: RegressionMetrics;
  readonly promotion: PromotionResult;
  /** Where one was asked for: what it found is what was trained with. */
  readonly search?: SearchResult;
  readonly synthetic: boolean;
  /** Days of the training span whose weather was carried forward. */
  readonly filledDays: readonly string[];
  readonly cached: boolean;
}

export interface DeploymentResult {
  readonly model: string;
  readonly version: string;
  /** Null after a shadow trial, which changes nothing. */
  readonly generation: number | null;
  /** Addresses of the processes that serve it. */
  readonly processes: readonly string[];
  /** Null without one: not asked for, or nothing to try it against. */
  readonly trial: TrialResult | null;
}

export interface MonitoringResult extends DriftCheck {
  readonly rows: number;
  /** Null where none was decided, asked for or allowed; then `retrainingSkipped` says why. */
  readonly retraining: Retraining | null;
  readonly retrainingSkipped: string | null;
}

/** One of the two trainings of a retraining. */
export interface RetrainedVersion {
  readonly workflowId: string;
  readonly version: string;
  readonly promoted: boolean;
  readonly reason: string;
}

/** Fitted through the month before the last of current and judged on that; if promoted, fitted again through it. */
export interface Retraining extends RetrainedVersion {
  /** Null where the candidate was not promoted. */
  readonly heir: RetrainedVersion | null;
}

export interface LifecycleResult {
  readonly data: IngestResult;
  readonly training: TrainingResult;
  readonly deployment: DeploymentResult;
  readonly monitoring: MonitoringResult;
}
