/** Defines the activities of a search for hyper-parameters, and the artifacts that it keeps between rungs. */
import type { ArtifactRef } from '../artifact.ts';
import type { HyperParameters } from '../hyper-parameters.ts';
import type { MonthSpan } from '../months.ts';
import type { SystemFacts, SystemId, Place } from '../systems.ts';
import type { StoredFeatureSet } from '../stored-names.ts';
import type { SearchOptions } from '../search-options.ts';

/** Represents the configuration that all trials of a search share. */
interface SearchConfig {
  readonly system: SystemId;
  readonly featureSet: StoredFeatureSet;
  readonly seed: number;
  readonly span: MonthSpan;
  readonly synthetic: boolean;
}

/** Describes the JSON artifact with everything that determines the result. Two searches with equal plans share their trials. */
export interface SearchPlan {
  readonly schemaVersion: 1;
  readonly frame: ArtifactRef;
  readonly config: SearchConfig;
  readonly folds: number;
  readonly rungs: number;
  readonly reduction: number;
  /** Hyper-parameters by number of the trial. A training without a search uses trial 0. */
  readonly trials: readonly HyperParameters[];
  /** All trials use the same backend, so that no score depends on the worker. */
  readonly backend: 'native' | 'wasm' | 'cpu';
  /** Grows with every code change that changes the scores of a plan. */
  readonly stageVersion: number;
  /** Digest of the features. Absent for the features that the sets had before plans recorded them. */
  readonly features?: string;
  /** Place of the features. It is absent for that of contracts/former-place.ts. */
  readonly place?: Place;
  /** Run id of a search that must not reuse earlier trials; otherwise null. */
  readonly apart: string | null;
}

/** Represents the score of a trial. */
export interface TrialScore {
  readonly trial: number;
  /** RMSE over the held-out hours of all folds, in trips per hour. Null if the training failed for good. */
  readonly rmse: number | null;
  /** Reason of the failure. */
  readonly reason?: string;
  /** Time in the trainer from the start of the trial to its result. */
  readonly seconds: number;
}

export interface ClosedRung {
  /** Best first. Trials with equal scores are ordered by number. */
  readonly ranking: readonly TrialScore[];
  /** Trials that continue, best first. The list is empty after the last rung. */
  readonly kept: readonly number[];
}

/** Describes the JSON artifact with the progress of a search. */
export interface SearchState {
  readonly schemaVersion: 1;
  readonly plan: ArtifactRef;
  readonly closed: readonly ClosedRung[];
  /** Trials of the current rung by chunk. One trainer process runs one chunk. Empty when the search is over. */
  readonly chunks: readonly (readonly number[])[];
}

/** Represents the numbers of trials that have ended, by their end. */
export interface TrialCounts {
  readonly completed: number;
  readonly pruned: number;
  readonly failed: number;
}

export interface BestTrial {
  readonly trial: number;
  readonly rmse: number;
  readonly hyperParameters: HyperParameters;
}

/** Summarises a state, so that the workflow need not read the artifact. */
export interface SearchStep {
  readonly state: ArtifactRef;
  readonly backend: string;
  /** Number of trials in each chunk of the current rung. Empty when the search is over. */
  readonly chunkSizes: number[];
  /** Trials that have ended. The list is absent in histories of earlier versions. */
  readonly counts?: TrialCounts;
  /** Best trial of the last closed rung. */
  readonly best?: BestTrial;
  /** RMSE of the default hyper-parameters in that rung. Null if their training failed. */
  readonly defaultRmse?: number | null;
}

/** Represents the heartbeat details of `runTrials`. */
export interface TrialsHeartbeat {
  readonly trial: number;
  readonly epoch: number;
  readonly epochs: number;
  readonly loss: number;
  /** Number of scored trials of the chunk. */
  readonly done: number;
  readonly total: number;
}

/** Represents the state of a search. */
export type SearchOutcome = 'running' | 'completed' | 'cancelled' | 'failed';

export interface SearchActivities {
  /** Samples the trials and cuts the first rung into chunks. It runs on `citibike-training` to learn the backend. */
  planSearch(input: {
    frame: ArtifactRef;
    config: SearchConfig;
    facts?: SystemFacts;
    /** Trial 0. Other trials keep the fields that the search does not vary. */
    hyperParameters: HyperParameters;
    options: SearchOptions;
    cache: boolean;
  }): Promise<SearchStep>;
  /** Trains one chunk of the current rung in one trainer process. Skips trials that have a score. */
  runTrials(input: { state: ArtifactRef; chunk: number }): Promise<{
    /** Number of trained trials. `found` counts trials that had a score. */
    trained: number;
    found: number;
    /** Time of the trainer process from spawn to exit. */
    seconds: number;
    cached: boolean;
  }>;
  /** Ranks the finished rung and cuts the next into chunks. TRAINING_FAILED if every trial failed. */
  closeRung(input: { state: ArtifactRef; parallelism: number }): Promise<SearchStep>;
  /** Records the search and each finished trial as nested MLflow runs. A retry finds them by their effect keys. */
  recordTrials(input: {
    state: ArtifactRef;
    outcome: SearchOutcome;
    /** Person who started the workflow, if known; the user of the MLflow runs. */
    startedBy?: string | undefined;
  }): Promise<{
    runId: string;
    /** Number of trials whose run this call wrote. */
    recorded: number;
  }>;
}
