/** Defines the activities of the stage `register`. */
import type { ArtifactRef } from '../artifact.ts';
import type { MonthSpan } from '../months.ts';
import type { SystemFacts } from '../systems.ts';
import type { SearchResult } from '../workflows/search.ts';
import type { Evaluation, TrainingConfig } from './train.ts';

export interface RegisteredVersion {
  readonly model: string;
  readonly version: string;
  readonly runId: string;
  readonly cached: boolean;
}

export interface Comparison {
  readonly promote: boolean;
  readonly reason: string;
  readonly champion: string | null;
  readonly championRmse: number | null;
  /** Null if no hour is left to score on, as for the champion. */
  readonly candidateRmse: number | null;
  /** Number of hours that both were scored on. Neither was trained on any of them. */
  readonly hours: number;
  /** Test of the rule `non-inferiority`. */
  readonly nonInferiority?: NonInferiority;
}

export interface NonInferiority {
  /** RMSE of the candidate divided by that of the champion, minus 1: 0.02 is 2 % worse. */
  readonly excess: number;
  /** One-sided 95 % upper bound of the excess, from a paired bootstrap over days. */
  readonly upperBound: number;
  readonly margin: number;
  readonly days: number;
  readonly resamples: number;
}

export interface ChampionAliases {
  readonly champion: string | null;
  readonly previous: string | null;
}

export interface RegisterActivities {
  /**
   * Registers a version with alias `candidate`, with an MLflow run of parameters, metrics and files and a logged model. A retry
   * finds them by their effect key.
   */
  registerCandidate(input: {
    model?: string;
    folder: ArtifactRef;
    evaluation: Evaluation;
    config: TrainingConfig;
    facts?: SystemFacts;
    /** Absent for a refit, like the frame. */
    test?: MonthSpan;
    trainFrame: ArtifactRef;
    testFrame?: ArtifactRef;
    backend: string;
    /** Search that found the hyper-parameters, if any. */
    search?: SearchResult;
    /** Person who started the workflow, if known; the user of the MLflow run. */
    startedBy?: string | undefined;
  }): Promise<RegisteredVersion>;
  /**
   * Ends the MLflow runs that trainings of the workflow's run left open, because their worker was killed or MLflow did not answer.
   */
  endTrainingRuns(input: { outcome: 'cancelled' | 'failed' }): Promise<void>;
  /**
   * Scores champion and candidate on the same hours and decides. Rule `threshold` requires a relative RMSE improvement of at
   * least the threshold. Rule `non-inferiority` requires RMSE not worse by more than the margin.
   */
  compareWithChampion(input: {
    model: string;
    version: string;
    testFrame: ArtifactRef;
    threshold: number;
    rule?: 'threshold' | 'non-inferiority';
    margin?: number;
  }): Promise<Comparison>;
  /** Tags a version as the refit of `heirOf`. The former name stays, because recorded histories contain it. */
  declareHeir(input: { model: string; version: string; heirOf: string }): Promise<void>;
  /** Promotes a refit without comparison if the champion is the version it repeats and was trained the same way. */
  checkHeir(input: { model: string; version: string }): Promise<Comparison>;
  /** Returns the version to roll back to, and the current champion. MODEL_NOT_FOUND if there is no earlier version. */
  resolveRollback(input: {
    model?: string;
    version?: string;
  }): Promise<{ model: string; version: string; champion: string | null }>;
  /** Decides whether the rollback is still valid. Rejects it if another version than the expected one became champion. */
  checkRollback(input: { model: string; version: string; expectedChampion?: string }): Promise<Comparison>;
  /** Returns the versions with the aliases `champion` and `previous`. */
  readAliases(input: { model: string }): Promise<ChampionAliases>;
  /** Sets alias `champion` to the version and `previous` to the old champion, reads both back, and resyncs the tags. */
  pointChampion(input: {
    model: string;
    version: string;
    reason: string;
    /** Reason of a rollback, for the description of the champion that it replaces. */
    withdrawal?: string;
  }): Promise<{ previous: string | null }>;
  /** Restores both aliases, deletes one that did not exist before, and resyncs the tags. */
  restoreAliases(input: { model: string; aliases: ChampionAliases }): Promise<void>;
  /** Writes tags and description of a candidate that was not promoted. */
  archiveCandidate(input: { model: string; version: string; reason: string }): Promise<void>;
  /** Returns the version number of an alias. MODEL_NOT_FOUND if the alias does not exist. */
  resolveVersion(input: {
    model?: string;
    alias: string;
    version?: string;
  }): Promise<{ model: string; version: string }>;
}
