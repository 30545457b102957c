/** The joined hourly frame: what training, evaluation and drift read, one row an hour that happened. */

import type { ArtifactRef } from './artifact.ts';
import type { StoredRuleSet } from './stored-names.ts';
import type { WeatherColumn, WeatherInput } from './weather-columns.ts';

/** One day's weather at the station, in the units of contracts/weather-columns.ts; null where not observed. */
export interface WeatherDay extends Readonly<Record<WeatherColumn, number | null>> {
  /** `YYYY-MM-DD`, local. */
  readonly date: string;
}

/**
 * One row of the frame. In parquet: date DATE, hour INTEGER, trips BIGINT, holiday INTEGER, then the weather inputs as DOUBLE,
 * weather_filled BOOLEAN; sorted by (date, hour), each pair once.
 */
export interface FrameRow extends Readonly<Record<WeatherInput, number | null>> {
  /** `YYYY-MM-DD`, New York. */
  readonly date: string;
  /** 0..23, New York wall clock. */
  readonly hour: number;
  readonly trips: number;
  /** 1 on US federal holidays. */
  readonly holiday: number;
  /** The day had no observation; the weather is the day before's, carried forward. Drift must see such hours as missing. */
  readonly weather_filled: boolean;
}

export const FRAME_SCHEMA_VERSION = 1;
/**
 * Of a frame whose trips are not published yet: null, in the same columns. A version of its own, so that nothing that reads trips takes
 * it for a frame.
 */
export const FRAME_WITHOUT_TRIPS_SCHEMA_VERSION = 101;
export const HOURLY_SCHEMA_VERSION = 1;

/** The unit of data: one month of one system under one rule set. JSON at `datasets/months/.../current.json`. */
export interface MonthDataset {
  readonly system: 'nyc' | 'jc';
  readonly rules: StoredRuleSet;
  readonly month: string;
  readonly ref: ArtifactRef;
  /** Trips by hour and pair of stations (contracts/hours.ts); null where only processed hours were to be had. */
  readonly flows: ArtifactRef | null;
  /** JSON quality report of the month; its page lies beside it as `.html`. */
  readonly quality: ArtifactRef | null;
  readonly trips: number;
  readonly hours: number;
  /** True until the next month's file, which may hold rides of this one, was read too. */
  readonly provisional: boolean;
  readonly synthetic: boolean;
}

/** What `ingest` leaves for the later stages: JSON artifact listing month data sets and weather files. */
export interface DatasetManifest {
  readonly schemaVersion: 1;
  readonly system: 'nyc' | 'jc';
  readonly rules: StoredRuleSet;
  readonly months: readonly MonthDataset[];
  /** CSV per calendar year: DATE and `WEATHER_CSV_COLUMNS`. */
  readonly weather: readonly { readonly year: number; readonly ref: ArtifactRef }[];
  readonly synthetic: boolean;
}
