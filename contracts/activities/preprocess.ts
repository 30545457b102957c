/** Activities of the stage `preprocess`. */
import type { ArtifactRef, Produced } from '../artifact.ts';
import type { MonthDataset } from '../frame.ts';
import type { MonthSpan } from '../months.ts';
import type { System } from '../options.ts';
import type { StoredRuleSet } from '../stored-names.ts';
import type { SourceFile } from './fetch.ts';

export interface PreprocessActivities {
  /**
   * One archive by the rule set, read once: its rides aggregated by the month they start in (`ArchiveParts`). Rides of the month it is
   * named for become hours, flows and ids; the few of other months stay rides, so that the neighbour can tell copies from strays.
   */
  readArchive(input: {
    system: System;
    rules: StoredRuleSet;
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
    rules: StoredRuleSet;
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
    rules: StoredRuleSet;
    synthetic: boolean;
    /** By month, the digest that `preprocessMonth` answered with: twelve years of them are 4 kB, of the data sets themselves 150 kB. */
    months: Readonly<Record<string, string>>;
    weather: readonly { year: number; ref: ArtifactRef }[];
    cache: boolean;
  }): Promise<DatasetSummary & { weather: WeatherSummary }>;
  /** The newest data set of every month asked for. MISSING_MONTHS names those never ingested. */
  resolveDataset(input: {
    system: System;
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
