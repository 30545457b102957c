/**
 * The activities of each stage as the workflows see them: references and small facts in, references and small facts out.
 * Each may run twice, also at the same time, and the second run finds what the first one made.
 */
import type { BatchPrediction, BatchPredictionInput } from './batch-prediction.ts';
import type { ArtifactRef, Produced } from './artifact.ts';
import type { MonthDataset } from './frame.ts';
import type { HyperParameters } from './hyper-parameters.ts';
import type { FeatureSetName, RuleSet, System } from './inputs.ts';
import type { RegressionMetrics } from './model.ts';
import type { MonthSpan } from './months.ts';
import type { SearchResult } from './search.ts';
import type { WebhookEvent } from './events.ts';
import type { TrialLimits, TrialMode, TrialVerdict } from './traffic.ts';

// ---- fetch ----

/** What a publisher's own list says of a file: MD5 as lower-case hex, and size. */
export interface PublishedFile {
  readonly md5: string;
  readonly bytes: number;
}

/** A file at the source, before anything of it was read. */
export interface SourceFile {
  /** Of one month in a year's archive: the archive's address and `#YYYY-MM`. */
  readonly url: string;
  readonly name: string;
  /** The month it is named for, or taken out of a year's archive for; for hourly files that span several, the first. */
  readonly month: string;
  /** A published zip of trips, or an hourly parquet of already processed trips (date, hour, trips, holiday). */
  readonly kind: 'archive' | 'hourly';
  readonly bytes: number | null;
  readonly etag: string | null;
  /** Where the source has such a list, and the file is on it. */
  readonly published?: PublishedFile;
}

export interface SourceMonth {
  readonly month: string;
  /** Files named for this month: places in `SourceListing.files`. */
  readonly files: readonly number[];
  /** Files of the neighbouring months that the source has: a few rides of this month lie in them. */
  readonly neighbours: readonly number[];
  /** The next month's file is there too, so no ride of this month is still to come. */
  readonly complete: boolean;
}

/** Each file once, though three months want it: the answer stays small. */
export interface SourceListing {
  readonly files: readonly SourceFile[];
  readonly months: readonly SourceMonth[];
  readonly missing: readonly string[];
  readonly synthetic: boolean;
}

export interface FetchActivities {
  /** Lists the source before anything is downloaded. MISSING_MONTHS names every month it lacks, unless allowed. */
  listSource(input: {
    system: System;
    months: readonly string[];
    source?: string;
    allowMissing: boolean;
  }): Promise<SourceListing>;
  /** Copies one file to `raw/tripdata/{system}/{YYYY}/{sha256[0:12]}/{name}`, checked; unchanged at the source: found, not fetched. */
  fetchFile(input: {
    system: System;
    file: SourceFile;
    synthetic: boolean;
    cache: boolean;
  }): Promise<Produced>;
  /** One CSV a calendar year at `raw/weather/{station}/{sha}/{YYYY}.csv`: DATE and `WEATHER_CSV_COLUMNS`. */
  fetchWeather(input: {
    years: readonly number[];
    source?: string;
    synthetic: boolean;
    /** SOURCE_NOT_FOUND where the source has nothing of a year; otherwise the year is left out. */
    required: boolean;
    cache: boolean;
  }): Promise<{ weather: { year: number; ref: ArtifactRef }[]; cached: boolean }>;
}

// ---- preprocess ----

export interface PreprocessActivities {
  /**
   * One archive by the rule set, read once: its rides aggregated by the month they start in (`ArchiveParts`). Rides of the month it is
   * named for become hours, flows and ids; the few of other months stay rides, so that the neighbour can tell copies from strays.
   */
  readArchive(input: {
    system: System;
    rules: RuleSet;
    /** The month the file is asked for: its own, or the one to take out of a year's archive. */
    month: string;
    file: ArtifactRef;
    synthetic: boolean;
    cache: boolean;
  }): Promise<Produced>;
  /**
   * One parquet a month (contracts/hours.ts), gated by the quality rules; advances the month's `current.json`. Files of kind 'archive'
   * are given as what `readArchive` made of them, those of kind 'hourly' as they are.
   */
  preprocessMonth(input: {
    system: System;
    rules: RuleSet;
    month: string;
    files: readonly { kind: SourceFile['kind']; ref: ArtifactRef }[];
    neighbours: readonly { kind: SourceFile['kind']; ref: ArtifactRef }[];
    complete: boolean;
    synthetic: boolean;
    cache: boolean;
  }): Promise<{ dataset: MonthDataset; digest: string; cached: boolean }>;
  /** Writes the data set's manifest, and the yearly files people know (`datasets/processed/...`). */
  composeDataset(input: {
    system: System;
    rules: RuleSet;
    synthetic: boolean;
    /** By month, the digest that `preprocessMonth` answered with: twelve years of them are 4 kB, of the data sets themselves 150 kB. */
    months: Readonly<Record<string, string>>;
    weather: readonly { year: number; ref: ArtifactRef }[];
    cache: boolean;
  }): Promise<DatasetSummary & { weather: WeatherSummary }>;
  /** The newest data set of every month asked for. MISSING_MONTHS names those never ingested. */
  resolveDataset(input: {
    system: System;
    rules: RuleSet;
    months: readonly string[];
  }): Promise<DatasetSummary>;
  /** Joins hours and weather (danfojs) into a frame (contracts/frame.ts) of the span. */
  buildFrame(input: { dataset: ArtifactRef; span: MonthSpan; cache: boolean }): Promise<FrameSummary>;
}

export interface DatasetSummary {
  /** JSON of `DatasetManifest`. */
  readonly dataset: ArtifactRef;
  readonly hours: number;
  readonly trips: number;
  readonly synthetic: boolean;
  readonly cached: boolean;
}

/** The weather of a data set's days, as a frame will have it. */
export interface WeatherSummary {
  /** Days whose weather is carried forward from the days before. */
  readonly filled: number;
  /** The first hundred of them. */
  readonly filledDays: readonly string[];
  /** Days that no frame can be made of, as too many before them are without weather too. */
  readonly missing: number;
}

export interface FrameSummary extends Produced {
  readonly synthetic: boolean;
  /** Days whose weather was carried forward. */
  readonly filledDays: readonly string[];
}

// ---- train ----

export interface TrainingConfig {
  readonly system: System;
  readonly featureSet: FeatureSetName;
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
  /** On the test span; of an heir, which has none, on the hidden weeks of its training span, as `weekBlocks`. */
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
    /** Left out for an heir, which has no test months: it is scored on the weeks that its training hid from its folds. */
    test?: ArtifactRef;
    cache: boolean;
  }): Promise<Evaluation>;
}

// ---- register ----

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
    /** Left out, as its frame, for an heir. */
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
  /** Tag that a version repeats the training of a promoted one with newer months. */
  declareHeir(input: { model: string; version: string; heirOf: string }): Promise<void>;
  /** Promotes an heir without comparison, if the champion is the twin that its tag names and was trained the same way. */
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

// ---- rollout ----

export interface PredictActivities {
  /** Writes a file's columns with predictions behind them. INVALID_INPUT names the rows or columns that are wrong. */
  batchPredict(input: BatchPredictionInput): Promise<BatchPrediction>;
}

export interface RolloutActivities {
  /**
   * Every live process of the prediction service loads the version beside the one it serves and answers its golden request; where
   * none is alive, this worker does. ROLLOUT_FAILED says which process refused and why.
   * @returns also the version that is desired now.
   */
  proveVersion(input: {
    model: string;
    version: string;
  }): Promise<{ provenBy: string[]; desired: string | null }>;
  /** The desired version in Postgres; the generation grows only when it changes. Ends a trial. */
  setDesiredVersion(input: {
    model: string;
    version: string;
    reason: string;
  }): Promise<{ generation: number }>;
  /** The desired version as it was, unless it is another one than `failed` by now. */
  restoreDesired(input: {
    model: string;
    failed: string;
    restore: string | null;
    reason: string;
  }): Promise<void>;
  /** Waits until every live process serves the generation. ROLLOUT_FAILED when none is alive or one cannot. */
  awaitServed(input: {
    model: string;
    generation: number;
    version: string;
  }): Promise<{ processes: string[] }>;
  /** Begins a trial of a version beside the desired one. ROLLOUT_FAILED when another trial of the model is under way. */
  beginTrial(input: {
    model: string;
    version: string;
    mode: TrialMode;
    percent: number;
  }): Promise<{ trialId: number; served: string }>;
  /** Renews the trial's lease, sums what the processes counted, and judges. ROLLOUT_FAILED when the trial was overtaken. */
  judgeTrial(input: {
    model: string;
    trialId: number;
    version: string;
    limits: TrialLimits;
    /** The time is up: decide. */
    last: boolean;
  }): Promise<TrialVerdict>;
  /** The desired version answers all requests again. */
  endTrial(input: { model: string; trialId: number }): Promise<void>;
}

// ---- notify ----

export interface NotifyActivities {
  /** Whether a webhook is set. Local: it costs a marker in the history. */
  webhookIsSet(): Promise<boolean>;
  /** Posts the event, signed. Refused with 4xx: not tried again; anything else is. */
  postWebhook(event: WebhookEvent): Promise<void>;
}
