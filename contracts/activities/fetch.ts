/** Activities of the stage `fetch`. */
import type { ArtifactRef, Produced } from '../artifact.ts';
import type { System } from '../options.ts';

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

interface SourceMonth {
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
