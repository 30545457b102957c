/** Defines the activities of the stage `fetch`. */
import type { ArtifactRef, Produced } from '../artifact.ts';
import type { SystemFacts, SystemId } from '../systems.ts';

/** Represents an entry of the publisher's list: MD5 as lower-case hex, and size. */
export interface PublishedFile {
  readonly md5: string;
  readonly bytes: number;
}

/** Represents a file at the source that has not been read yet. */
export interface SourceFile {
  /** Address of the file. A month in a year's archive has the archive's address with `#YYYY-MM`. */
  readonly url: string;
  readonly name: string;
  /** Month in the file name, or month to extract from a year's archive. For an hourly file of several months, the first. */
  readonly month: string;
  /** Published zip of trips, or hourly parquet of processed trips (date, hour, trips, holiday). */
  readonly kind: 'archive' | 'hourly';
  readonly bytes: number | null;
  readonly etag: string | null;
  /** Present if the source's list contains the file. */
  readonly published?: PublishedFile;
}

interface SourceMonth {
  readonly month: string;
  /** Indices in `SourceListing.files` of the files named for this month. */
  readonly files: readonly number[];
  /** Indices of the neighbouring months' files, which contain a few rides of this month. */
  readonly neighbours: readonly number[];
  /** True if the source has the next month's file, so this month gains no further rides. */
  readonly complete: boolean;
}

/** Lists each file once, although three months use it, so that the answer stays small. */
export interface SourceListing {
  readonly files: readonly SourceFile[];
  readonly months: readonly SourceMonth[];
  readonly missing: readonly string[];
  readonly synthetic: boolean;
}

export interface FetchActivities {
  /** Lists the source before any download. Fails with MISSING_MONTHS, which names each missing month, unless allowed. */
  listSource(input: {
    system: SystemId;
    facts?: SystemFacts;
    months: readonly string[];
    source?: string;
    allowMissing: boolean;
  }): Promise<SourceListing>;
  /** Downloads and checks a file to `raw/tripdata/{system}/{YYYY}/{sha256[0:12]}/{name}`, unless it is unchanged at the source. */
  fetchFile(input: {
    system: SystemId;
    facts?: SystemFacts;
    file: SourceFile;
    synthetic: boolean;
    cache: boolean;
  }): Promise<Produced>;
  /** Writes one CSV per calendar year, with DATE and `WEATHER_CSV_COLUMNS`, to `raw/weather/{station}/{sha}/{YYYY}.csv`. */
  fetchWeather(input: {
    facts?: SystemFacts;
    years: readonly number[];
    source?: string;
    synthetic: boolean;
    /** Fails with SOURCE_NOT_FOUND if the source lacks a year. Otherwise the answer omits the year. */
    required: boolean;
    cache: boolean;
  }): Promise<{ weather: { year: number; ref: ArtifactRef }[]; cached: boolean }>;
}
