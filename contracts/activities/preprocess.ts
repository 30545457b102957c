/** Defines the activities of the stage `preprocess`. */
import type { ArtifactRef, Produced } from '../artifact.ts';
import type { MonthDataset } from '../frame.ts';
import type { MonthSpan } from '../months.ts';
import type { SystemFacts, SystemId } from '../systems.ts';
import type { StoredRuleSet } from '../stored-names.ts';
import type { SourceFile } from './fetch.ts';

export interface PreprocessActivities {
  /**
   * Reads one archive by the rule set and aggregates its rides by the month of their start (`ArchiveParts`). Rides of the month
   * in its name become hours, flows and ids. Rides of other months stay rides, so that each neighbour can skip copies.
   */
  readArchive(input: {
    system: SystemId;
    facts?: SystemFacts;
    rules: StoredRuleSet;
    /** Month in the file name, or month to extract from an archive of several months. */
    month: string;
    file: ArtifactRef;
    synthetic: boolean;
    cache: boolean;
  }): Promise<Produced>;
  /**
   * Writes one parquet per month (contracts/hours.ts), checks the quality gate and advances the month's `current.json`. The input
   * has the parts of `readArchive` for files of kind 'archive', and the file for kind 'hourly'.
   */
  preprocessMonth(input: {
    system: SystemId;
    facts?: SystemFacts;
    rules: StoredRuleSet;
    month: string;
    files: readonly { kind: SourceFile['kind']; ref: ArtifactRef }[];
    neighbours: readonly { kind: SourceFile['kind']; ref: ArtifactRef }[];
    complete: boolean;
    synthetic: boolean;
    cache: boolean;
  }): Promise<{ dataset: MonthDataset; digest: string; cached: boolean }>;
  /** Writes the data set's manifest, and the yearly files that people read (`datasets/processed/...`). */
  composeDataset(input: {
    system: SystemId;
    rules: StoredRuleSet;
    synthetic: boolean;
    /** Digest of each month from `preprocessMonth`. Twelve years need 4 kB, while the data sets would need 150 kB. */
    months: Readonly<Record<string, string>>;
    weather: readonly { year: number; ref: ArtifactRef }[];
    cache: boolean;
  }): Promise<DatasetSummary & { weather: WeatherSummary }>;
  /** Composes the newest data set of each month. MISSING_MONTHS names months that were never ingested. */
  resolveDataset(input: {
    system: SystemId;
    facts?: SystemFacts;
    rules: StoredRuleSet;
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

/** Summarises the weather of a data set's days, as a frame will contain it. */
export interface WeatherSummary {
  /** Number of days that have the weather of an earlier day. */
  readonly filled: number;
  /** First hundred filled days. */
  readonly filledDays: readonly string[];
  /** Number of days that no frame can contain, because too many days before them lack weather too. */
  readonly missing: number;
}

export interface FrameSummary extends Produced {
  readonly synthetic: boolean;
  /** Days that have the weather of an earlier day. */
  readonly filledDays: readonly string[];
}
