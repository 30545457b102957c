/** Activities of the stage `register`. */
import type { ArtifactRef } from '../artifact.ts';
import type { MonthSpan } from '../months.ts';
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
  /** Null, as the champion's, when no hour was left to score on. */
  readonly candidateRmse: number | null;
  /** Hours both were scored on; neither was fitted on any of them. */
  readonly hours: number;
  /** Of the rule `non-inferiority`. */
  readonly nonInferiority?: NonInferiority;
}

export interface NonInferiority {
  /** RMSE of the candidate over that of the champion, less 1: 0.02 is 2 % worse. */
  readonly excess: number;
  /** Its one-sided 95 % upper bound by a paired bootstrap over days. */
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
  /** MLflow run with params, metrics and files, logged model, model version with alias `candidate`; found again by its effect key. */
  registerCandidate(input: {
    model?: string;
    folder: ArtifactRef;
    evaluation: Evaluation;
    config: TrainingConfig;
    /** Absent, like its frame, for a refit. */
    test?: MonthSpan;
    trainFrame: ArtifactRef;
    testFrame?: ArtifactRef;
    backend: string;
    /** The search that found the hyper-parameters, where there was one. */
    search?: SearchResult;
  }): Promise<RegisteredVersion>;
  /**
   * Scores champion and candidate on the same hours and decides. Rule `threshold`: relative RMSE improvement of at least the
   * threshold. Rule `non-inferiority`: not worse by more than the margin.
   */
  compareWithChampion(input: {
    model: string;
    version: string;
    testFrame: ArtifactRef;
    threshold: number;
    rule?: 'threshold' | 'non-inferiority';
    margin?: number;
  }): Promise<Comparison>;
  /** Tags a version as the refit of `heirOf`. The former name stays, because recorded histories hold it. */
  declareHeir(input: { model: string; version: string; heirOf: string }): Promise<void>;
  /** Promotes a refit without comparison if the champion is the version it repeats and was trained the same way. */
  checkHeir(input: { model: string; version: string }): Promise<Comparison>;
  /** The version to go back to, and the champion to leave. MODEL_NOT_FOUND when there is no version before. */
  resolveRollback(input: {
    model?: string;
    version?: string;
  }): Promise<{ model: string; version: string; champion: string | null }>;
  /** Whether the version may still be gone back to: refused when another champion than the expected one was set meanwhile. */
  checkRollback(input: { model: string; version: string; expectedChampion?: string }): Promise<Comparison>;
  /** Which versions have the aliases `champion` and `previous`. */
  readAliases(input: { model: string }): Promise<ChampionAliases>;
  /** Alias `champion` to the version, the old one to `previous`, read back; tags derived from the aliases and repaired. */
  pointChampion(input: {
    model: string;
    version: string;
    reason: string;
    /** Of a rollback: written as the verdict on the champion that it takes back. */
    withdrawal?: string;
  }): Promise<{ previous: string | null }>;
  /** Both aliases as they were, an alias that nobody had removed; tags repaired. */
  restoreAliases(input: { model: string; aliases: ChampionAliases }): Promise<void>;
  /** Tags and description of a candidate that was not promoted. */
  archiveCandidate(input: { model: string; version: string; reason: string }): Promise<void>;
  /** Version number of an alias. MODEL_NOT_FOUND when there is none. */
  resolveVersion(input: {
    model?: string;
    alias: string;
    version?: string;
  }): Promise<{ model: string; version: string }>;
}
