/** The joined hourly frame: what training, evaluation and drift read, one row an hour that happened. */

import type { ArtifactRef } from './artifact.ts';

/** One day's weather at the station. Imperial units as NOAA's daily summaries give them; null where not observed. */
export interface WeatherDay {
  /** `YYYY-MM-DD`, local. */
  readonly date: string;
  /** °F */
  readonly TMAX: number | null;
  readonly TMIN: number | null;
  /** Snowfall, inches. */
  readonly SNOW: number | null;
  /** Rain and melted snow, inches. */
  readonly PRCP: number | null;
  /** Snow on the ground, inches. */
  readonly SNWD: number | null;
  /** Mean wind, mph. */
  readonly AWND: number | null;
}

export const WEATHER_COLUMNS = ['TMAX', 'TMIN', 'SNOW', 'PRCP', 'SNWD', 'AWND'] as const;
export type WeatherColumn = (typeof WEATHER_COLUMNS)[number];

/**
 * One row of the frame. In parquet: date DATE, hour INTEGER, trips BIGINT, holiday INTEGER, then the six weather columns as
 * DOUBLE, PRCP_yesterday DOUBLE, weather_filled BOOLEAN; sorted by (date, hour), each pair once.
 */
export interface FrameRow {
  /** `YYYY-MM-DD`, New York. */
  readonly date: string;
  /** 0..23, New York wall clock. */
  readonly hour: number;
  readonly trips: number;
  /** 1 on US federal holidays. */
  readonly holiday: number;
  readonly TMAX: number | null;
  readonly TMIN: number | null;
  readonly SNOW: number | null;
  readonly PRCP: number | null;
  readonly SNWD: number | null;
  readonly AWND: number | null;
  readonly PRCP_yesterday: number | null;
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
  readonly rules: 'seed' | 'all';
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
  readonly rules: 'seed' | 'all';
  readonly months: readonly MonthDataset[];
  /** CSV per calendar year: DATE, AWND, PRCP, SNOW, SNWD, TAVG, TMAX, TMIN. */
  readonly weather: readonly { readonly year: number; readonly ref: ArtifactRef }[];
  readonly synthetic: boolean;
}
