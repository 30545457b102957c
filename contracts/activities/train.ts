/** Activities of the stage `train`. */
import type { ArtifactRef } from '../artifact.ts';
import type { HyperParameters } from '../hyper-parameters.ts';
import type { RegressionMetrics } from '../model.ts';
import type { MonthSpan } from '../months.ts';
import type { System } from '../options.ts';
import type { StoredFeatureSet } from '../stored-names.ts';

export interface TrainingConfig {
  readonly system: System;
  readonly featureSet: StoredFeatureSet;
  readonly hyperParameters: HyperParameters;
  readonly seed: number;
  readonly span: MonthSpan;
  readonly synthetic: boolean;
}

/** JSON artifact that lists a model folder: file name -> reference. `TrainedModel.model` points at one. */
export interface ModelFolder {
  readonly schemaVersion: 1;
  readonly files: Readonly<Record<string, ArtifactRef>>;
}

export interface TrainedModel {
  readonly model: ArtifactRef;
  readonly backend: string;
  readonly epochs: number;
  readonly seconds: number;
  readonly cached: boolean;
}

export interface Evaluation {
  /** On the test span. A refit has none; it is scored on the hidden weeks of its training span, as in `weekBlocks`. */
  readonly metrics: RegressionMetrics;
  /** The naive forecast of the same hours: mean of the other training hours by hour, weekday and month. */
  readonly naive: RegressionMetrics;
  /** The same network with growth switched off. */
  readonly withoutGrowth?: RegressionMetrics;
  /** On whole weeks, and on a random fifth, of the training hours that were hidden; absent where the training left no report. */
  readonly weekBlocks?: RegressionMetrics;
  readonly randomSplit?: RegressionMetrics;
  /** JSON: metrics by month, weekday, hour of day, weather and holiday, naive forecasts, importance. */
  readonly report: ArtifactRef;
  /** JSON listing (`ModelFolder`) of `evaluation.html` and `pictures/*.svg`. */
  readonly pictures?: ArtifactRef;
  readonly cached: boolean;
}

export interface TrainActivities {
  /** In a child process; heartbeats `TrainingHeartbeat`, resumes from its checkpoint. Task queue `citibike-training`. */
  trainModel(input: { frame: ArtifactRef; config: TrainingConfig; cache: boolean }): Promise<TrainedModel>;
  evaluateModel(input: {
    model: ArtifactRef;
    train: ArtifactRef;
    /** Absent for a refit, which has no test months and is scored on the weeks that its training hid. */
    test?: ArtifactRef;
    cache: boolean;
  }): Promise<Evaluation>;
}
