/** What lies between an archive and a month data set. */
import type { ArtifactRef } from './artifact.ts';

/**
 * Columns of a month's parquet, in this order, sorted by (date, hour): date DATE, hour INTEGER, trips BIGINT, holiday BIGINT (these four
 * are the seed's), then what hourly files of others do not have and is null for them: member BIGINT, casual BIGINT, electric BIGINT,
 * classic BIGINT, mean_minutes DOUBLE.
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
  /** Mean duration of the valid rides that start in the hour, minutes. */
  readonly mean_minutes: number | null;
}

/** Returns the address of the first hours of a month as JSON, beside the month's parquet. */
export function monthPreviewUri(monthUri: string): string {
  return monthUri.replace(/\.parquet$/, '.preview.json');
}

/** Columns of a flows parquet: date DATE, hour INTEGER, start_station VARCHAR, end_station VARCHAR ('unknown' where missing), trips BIGINT. */
export const UNKNOWN_STATION = 'unknown';

/** What was read of an archive, every row accounted for: rows = kept + rejected + duplicates. */
export interface ArchiveFacts {
  readonly rows: number;
  readonly kept: number;
  readonly rejected: {
    readonly unparsable_start: number;
    readonly unparsable_end: number;
    readonly not_positive: number;
    readonly too_long: number;
  };
  /** Rows dropped because another row of the file has their ride_id. */
  readonly duplicates: number;
  /** Legacy rows equal in every column to another; kept, as they have no id. */
  readonly identicalLegacyRows: number;
  readonly missingStartStation: number;
  readonly missingEndStation: number;
  /** Rows by value, unknown values included: what a new category shows up in. */
  readonly memberTypes: Readonly<Record<string, number>>;
  readonly bikeTypes: Readonly<Record<string, number>>;
  readonly schema: 'modern' | 'legacy';
  /** The header as published, per CSV. */
  readonly csvs: readonly {
    readonly name: string;
    readonly rows: number;
    readonly header: string;
    readonly quoted: boolean;
  }[];
  /** Of the kept rides, minutes: at 0 (least), 5, 25, 50, 75, 95 and 100 %. */
  readonly minutes: readonly number[] | null;
  readonly firstStart: string | null;
  readonly lastStart: string | null;
}

/** JSON artifact that `readArchive` answers with. */
export interface ArchiveParts {
  readonly schemaVersion: 1;
  readonly archive: ArtifactRef;
  /** The month it is named for. */
  readonly month: string;
  readonly facts: ArchiveFacts;
  readonly own: {
    /** Columns of `HourRow` without holiday. */
    readonly hours: ArtifactRef;
    readonly flows: ArtifactRef;
    /** Parquet of one UBIGINT column `id`: a 64-bit digest of each kept ride_id, sorted; absent for legacy files. */
    readonly ids: ArtifactRef | null;
    readonly trips: number;
  };
  /** Kept rides that start in other months, as rides: id, started_at, minutes, member, electric, start_station, end_station. */
  readonly strays: { readonly ref: ArtifactRef; readonly months: Readonly<Record<string, number>> } | null;
}
