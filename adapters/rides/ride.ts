/** A ride that counts, as it is handed on alone. */
export interface Ride {
  /** Digest of its ride_id, 16 hexadecimal digits; null in legacy files. */
  readonly id: string | null;
  /** `YYYY-MM-DD HH:MM:SS[.fraction]`, New York wall clock. */
  readonly started_at: string;
  /** Null where the rule set lets rides count that do not end after they start. */
  readonly minutes: number | null;
  /** Null where the type is neither `member`/`Subscriber` nor `casual`/`Customer`. */
  readonly member: boolean | null;
  /** Null in legacy files, and where the type is none known. */
  readonly electric: boolean | null;
  readonly start_station: string;
  readonly end_station: string;
}

/** The name of a station that is missing. */
export const UNKNOWN_STATION = 'unknown';
