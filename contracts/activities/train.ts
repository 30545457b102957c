/** Defines the activities of the stage `train`. */
import type { ArtifactRef } from '../artifact.ts';
import type { HyperParameters } from '../hyper-parameters.ts';
import type { RegressionMetrics } from '../model.ts';
import type { MonthSpan } from '../months.ts';
import type { SystemFacts, SystemId } from '../systems.ts';
import type { StoredFeatureSet } from '../stored-names.ts';

export interface TrainingConfig {
  readonly system: SystemId;
  readonly featureSet: StoredFeatureSet;
  readonly hyperParameters: HyperParameters;
  readonly seed: number;
  readonly span: MonthSpan;
  readonly synthetic: boolean;
}

/** Describes the JSON artifact that lists a model folder: file name -> reference. `TrainedModel.model` refers to one. */
export interface ModelFolder {
  readonly schemaVersion: 1;
  readonly files: Readonly<Record<string, ArtifactRef>>;
}

/** Facts in the manifest of a model folder. */
export interface ModelFolderFacts {
  /** Duration of the training. */
  readonly seconds: number;
  /** End of each epoch in epoch milliseconds; null if an earlier version of the product trained it. */
  readonly epochTimes: readonly (number | null)[];
}

export interface TrainedModel {
  readonly model: ArtifactRef;
  readonly backend: string;
  readonly epochs: number;
  readonly seconds: number;
  readonly cached: boolean;
}

export interface Evaluation {
  /** Metrics on the test span. A refit has no test span, so its metrics are those of `weekBlocks`. */
  readonly metrics: RegressionMetrics;
  /** Metrics of the naive forecast on the same hours: the mean of the other training hours by hour, weekday and month. */
  readonly naive: RegressionMetrics;
  /** Metrics of the same network without growth. */
  readonly withoutGrowth?: RegressionMetrics;
  /** Metrics on held-out whole weeks of the training hours. It is absent if the training wrote no report. */
  readonly weekBlocks?: RegressionMetrics;
  /** Metrics on a held-out random fifth of the training hours. */
  readonly randomSplit?: RegressionMetrics;
  /** JSON with metrics by month, weekday, hour, weather and holiday, naive forecasts and importance. */
  readonly report: ArtifactRef;
  /** JSON list (`ModelFolder`) of `evaluation.html` and `pictures/*.svg`. */
  readonly pictures?: ArtifactRef;
  readonly cached: boolean;
}

export interface TrainActivities {
  /** Trains in a child process, heartbeats `TrainingHeartbeat` and resumes from its checkpoint. Queue `citibike-training`. */
  trainModel(input: {
    frame: ArtifactRef;
    config: TrainingConfig;
    facts?: SystemFacts;
    cache: boolean;
    /** Person who started the workflow, if known; the user of the MLflow run. */
    startedBy?: string | undefined;
  }): Promise<TrainedModel>;
  evaluateModel(input: {
    model: ArtifactRef;
    train: ArtifactRef;
    /** Absent for a refit, which has no test months and is scored on held-out weeks of its training. */
    test?: ArtifactRef;
    cache: boolean;
  }): Promise<Evaluation>;
}
