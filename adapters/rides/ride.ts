/** Represents a ride that counts, when it is passed on individually. */
export interface Ride {
  /** Digest of its ride_id, 16 hexadecimal digits; null in files without ids. */
  readonly id: string | null;
  /** `YYYY-MM-DD HH:MM:SS[.fraction]`, local wall clock. */
  readonly started_at: string;
  /** Null for a ride that does not end after it starts, which the rule set may allow. */
  readonly minutes: number | null;
  /** Null unless the type is `member`, `Subscriber`, `casual` or `Customer`. */
  readonly member: boolean | null;
  /** Null in files without types of bikes, and for unknown types. */
  readonly electric: boolean | null;
  readonly start_station: string;
  readonly end_station: string;
}
