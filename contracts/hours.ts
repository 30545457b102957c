/** Defines the artifacts between an archive and a month data set. */
import type { ArtifactRef } from './artifact.ts';

/**
 * Represents one row of a month's parquet, sorted by (date, hour): date DATE, hour INTEGER, trips BIGINT, holiday BIGINT, then
 * member, casual, electric and classic BIGINT, mean_minutes DOUBLE. Hourly files from other sources have only the first four
 * columns, so the others are null.
 */
export interface HourRow {
  readonly date: string;
  readonly hour: number;
  readonly trips: number;
  readonly holiday: number;
  readonly member: number | null;
  readonly casual: number | null;
  readonly electric: number | null;
  /** Classic and docked bikes. */
  readonly classic: number | null;
  /** Mean duration in minutes of the valid rides that start in the hour. */
  readonly mean_minutes: number | null;
}

/** Returns the address of all hours of a month as JSON, beside the month's parquet. */
export function monthHoursUri(monthUri: string): string {
  return monthUri.replace(/\.parquet$/, '.hours.json');
}

/** Returns the address of the first 48 hours of a month as JSON, which version 0.2 wrote. */
export function monthPreviewUri(monthUri: string): string {
  return monthUri.replace(/\.parquet$/, '.preview.json');
}

/** Returns the address of the JSON `MonthDataset` of a month's newest data set. @param key system: its folder, such as nyc-synthetic. */
export function monthDatasetUri(
  bucket: string,
  { system, rules, month }: { readonly system: string; readonly rules: string; readonly month: string },
): string {
  return `s3://${bucket}/datasets/months/${system}/${rules}/${month}/current.json`;
}

/**
 * Replaces a missing station in a flows parquet, whose columns are date DATE, hour INTEGER, start_station VARCHAR,
 * end_station VARCHAR, trips BIGINT.
 */
export const UNKNOWN_STATION = 'unknown';

/** Counts rows and stations that look wrong, whatever the rule set. Both times of a row must be readable to count its duration. */
export interface IrregularRows {
  readonly under_a_minute: number;
  readonly ends_before_start: number;
  readonly over_a_day: number;
  /** Rows whose start or end station has a name and no id. */
  readonly name_without_id: number;
  /** Stations whose id comes with several names. Blanks around names do not count. */
  readonly stations_with_two_names: number;
}

/** Counts what was read from an archive: rows = kept + rejected + duplicates. */
export interface ArchiveFacts {
  readonly rows: number;
  readonly kept: number;
  readonly rejected: {
    readonly unparsable_start: number;
    readonly unparsable_end: number;
    readonly not_positive: number;
    readonly too_long: number;
  };
  /** Rows dropped because another row of the file has the same ride_id. */
  readonly duplicates: number;
  /** Rows of a layout without ids that equal another row in every column. They are kept. */
  readonly identicalLegacyRows: number;
  readonly missingStartStation: number;
  readonly missingEndStation: number;
  /** Absent in facts of version 0.2 and earlier. */
  readonly irregular?: IrregularRows;
  /** Rows by value, including unknown values, so that a new category is visible. */
  readonly memberTypes: Readonly<Record<string, number>>;
  readonly bikeTypes: Readonly<Record<string, number>>;
  /** Name of the layout (inputs/csv-layouts.yaml). */
  readonly schema: string;
  /** Published header of each CSV. */
  readonly csvs: readonly {
    readonly name: string;
    readonly rows: number;
    readonly header: string;
    readonly quoted: boolean;
  }[];
  /** Duration of the kept rides in minutes, at 0 (minimum), 5, 25, 50, 75, 95 and 100 %. */
  readonly minutes: readonly number[] | null;
  readonly firstStart: string | null;
  readonly lastStart: string | null;
}

/** Describes the JSON artifact that `readArchive` writes. */
export interface ArchiveParts {
  readonly schemaVersion: 1;
  readonly archive: ArtifactRef;
  /** Month in the name of the archive. */
  readonly month: string;
  readonly facts: ArchiveFacts;
  readonly own: {
    /** Columns of `HourRow` without holiday. */
    readonly hours: ArtifactRef;
    readonly flows: ArtifactRef;
    /** Parquet of one sorted UBIGINT column `id`, a 64-bit digest of each kept ride_id. It is null for layouts without ids. */
    readonly ids: ArtifactRef | null;
    /** JSON of `StationMonth`. */
    readonly stations: ArtifactRef;
    readonly trips: number;
  };
  /** Kept rides that start in other months: id, started_at, minutes, member, electric, start_station, end_station. */
  readonly strays: { readonly ref: ArtifactRef; readonly months: Readonly<Record<string, number>> } | null;
}
