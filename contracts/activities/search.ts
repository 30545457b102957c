/** Activities of a search for hyper-parameters, and what it keeps in S3 between its rungs. */
import type { ArtifactRef } from '../artifact.ts';
import type { HyperParameters } from '../hyper-parameters.ts';
import type { MonthSpan } from '../months.ts';
import type { System } from '../options.ts';
import type { StoredFeatureSet } from '../stored-names.ts';
import type { SearchOptions } from '../search-options.ts';

/** What all trials of a search have in common. */
interface SearchConfig {
  readonly system: System;
  readonly featureSet: StoredFeatureSet;
  readonly seed: number;
  readonly span: MonthSpan;
  readonly synthetic: boolean;
}

/** JSON artifact: everything that determines the result. The same content is the same search, whoever started it. */
export interface SearchPlan {
  readonly schemaVersion: 1;
  readonly frame: ArtifactRef;
  readonly config: SearchConfig;
  readonly folds: number;
  readonly rungs: number;
  readonly reduction: number;
  /** By number of the trial; 0 is what a training without a search takes. */
  readonly trials: readonly HyperParameters[];
  /** Every trial on the same, so that no score depends on which worker it ran on. */
  readonly backend: 'native' | 'wasm' | 'cpu';
  /** Grows with every change that gives other scores for the same plan. */
  readonly stageVersion: number;
  /** Null; of a search that must not reuse earlier trials, its run id. */
  readonly apart: string | null;
}

/** RMSE of the held-out hours of all folds together, trips an hour; null when the training failed for good. */
export interface TrialScore {
  readonly trial: number;
  readonly rmse: number | null;
  /** Why it failed. */
  readonly reason?: string;
  /** From the trial's start to its result, in the trainer. */
  readonly seconds: number;
}

export interface ClosedRung {
  /** Best first; trials of equal score by number. */
  readonly ranking: readonly TrialScore[];
  /** Trials that go on, best first; empty after the last rung. */
  readonly kept: readonly number[];
}

/** JSON artifact: how far a search is. */
export interface SearchState {
  readonly schemaVersion: 1;
  readonly plan: ArtifactRef;
  readonly closed: readonly ClosedRung[];
  /** Of the rung under way: trials by chunk, a chunk being what one trainer process runs; empty when the search is over. */
  readonly chunks: readonly (readonly number[])[];
}

export interface BestTrial {
  readonly trial: number;
  readonly rmse: number;
  readonly hyperParameters: HyperParameters;
}

/** What the workflow knows of a state without reading it. */
export interface SearchStep {
  readonly state: ArtifactRef;
  readonly backend: string;
  /** Of the rung under way, how many trials each chunk has; empty when the search is over. */
  readonly chunkSizes: number[];
  /** Of the rung closed last. */
  readonly best?: BestTrial;
  /** RMSE of the default hyper-parameters in that rung; null when their training failed. */
  readonly defaultRmse?: number | null;
}

/** Heartbeat details of `runTrials`. */
export interface TrialsHeartbeat {
  readonly trial: number;
  readonly epoch: number;
  readonly epochs: number;
  readonly loss: number;
  /** Trials of the chunk that have their score. */
  readonly done: number;
  readonly total: number;
}

/** How a search ended, or that it goes on. */
export type SearchOutcome = 'running' | 'completed' | 'cancelled' | 'failed';

export interface SearchActivities {
  /** Samples the trials and cuts the first rung into chunks. Task queue `citibike-training`, whose backend it asks. */
  planSearch(input: {
    frame: ArtifactRef;
    config: SearchConfig;
    /** Trial 0, and what trials do not vary. */
    hyperParameters: HyperParameters;
    options: SearchOptions;
    cache: boolean;
  }): Promise<SearchStep>;
  /** One chunk of the rung under way in one trainer process; trials that have their score are not trained again. */
  runTrials(input: { state: ArtifactRef; chunk: number }): Promise<{
    /** Trials trained, and those whose score was there. */
    trained: number;
    found: number;
    /** Of the trainer process, from spawn to exit. */
    seconds: number;
    cached: boolean;
  }>;
  /** Ranks the rung under way, whose chunks are through, and cuts the next. TRAINING_FAILED when every trial failed. */
  closeRung(input: { state: ArtifactRef; parallelism: number }): Promise<SearchStep>;
  /** MLflow: a run of the search and, nested in it, one of each trial that is over; found again by their effect keys. */
  recordTrials(input: { state: ArtifactRef; outcome: SearchOutcome }): Promise<{
    runId: string;
    /** Trials whose run was written by this call. */
    recorded: number;
  }>;
}
