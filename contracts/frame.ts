/** Defines the frame that training, evaluation and drift read, with one row per hour that happened. */
import type { ArtifactRef } from './artifact.ts';
import type { StoredRuleSet } from './stored-names.ts';
import type { SystemId } from './systems.ts';
import type { WeatherColumn, WeatherInput, WeatherValues } from './weather-columns.ts';

/** Represents one day's weather at the station, in the units of contracts/weather-columns.ts. Unobserved values are null. */
export interface WeatherDay extends WeatherValues<WeatherColumn> {
  /** `YYYY-MM-DD`, local time. */
  readonly date: string;
}

/**
 * Represents one row of the frame. Its parquet columns are: date DATE, hour INTEGER, trips BIGINT, holiday INTEGER, the weather inputs as
 * DOUBLE, weather_filled BOOLEAN. Rows are sorted by (date, hour), and each pair occurs once.
 */
export interface FrameRow extends WeatherValues<WeatherInput> {
  /** `YYYY-MM-DD`, local time of the system. */
  readonly date: string;
  /** 0..23, local wall clock of the system. */
  readonly hour: number;
  readonly trips: number;
  /** 1 on US federal holidays. */
  readonly holiday: number;
  /** True if the day has the weather of an earlier day. Drift counts such hours as missing. */
  readonly weather_filled: boolean;
}

export const FRAME_SCHEMA_VERSION = 1;
/**
 * Marks a frame whose trips are not published yet. It has the same columns with null trips. Its own version keeps readers of
 * trips from using it.
 */
export const FRAME_WITHOUT_TRIPS_SCHEMA_VERSION = 101;
export const HOURLY_SCHEMA_VERSION = 1;

/** Describes one month of one system under one rule set. JSON at `datasets/months/.../current.json`. */
export interface MonthDataset {
  readonly system: SystemId;
  readonly rules: StoredRuleSet;
  readonly month: string;
  readonly ref: ArtifactRef;
  /** Trips by hour and pair of stations (contracts/hours.ts). Null if the source has only processed hours. */
  readonly flows: ArtifactRef | null;
  /**
   * JSON of `StationMonth`. Null if the source has only processed hours. It is absent in months of version 0.2 and earlier, until the next
   * ingest.
   */
  readonly stations?: ArtifactRef | null;
  /** JSON quality report of the month. The page has the same name with `.html`. */
  readonly quality: ArtifactRef | null;
  readonly trips: number;
  readonly hours: number;
  /** True until the next month's file was read too, which may hold rides of this month. */
  readonly provisional: boolean;
  readonly synthetic: boolean;
}

/** Lists the month data sets and weather files of a data set. `ingest` writes it as a JSON artifact. */
export interface DatasetManifest {
  readonly schemaVersion: 1;
  readonly system: SystemId;
  readonly rules: StoredRuleSet;
  readonly months: readonly MonthDataset[];
  /** CSV per calendar year: DATE and `WEATHER_CSV_COLUMNS`. */
  readonly weather: readonly { readonly year: number; readonly ref: ArtifactRef }[];
  readonly synthetic: boolean;
}
