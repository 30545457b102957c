/** What is kept of the rides of one CSV: sums by hour, keys of flows and ids on disk, and the few rides of other months. */
import type { KeyFile } from './key-buckets.ts';
import type { Ride } from './ride.ts';
import type { RideColumns } from './ride-header.ts';

/** Sums of each hour of the month, an array a column, 24 hours a day from the 1st. */
export interface HourSums {
  readonly trips: Float64Array;
  readonly member: Float64Array;
  readonly casual: Float64Array;
  readonly electric: Float64Array;
  readonly classic: Float64Array;
  /** Rides with a duration, and their milliseconds: whole numbers, so that no order of summing matters. */
  readonly timed: Float64Array;
  readonly milliseconds: Float64Array;
}
export const HOUR_SUMS = [
  'trips',
  'member',
  'casual',
  'electric',
  'classic',
  'timed',
  'milliseconds',
] as const;

/** Days of the longest month. */
export const DAYS = 31;

export function emptySums(): HourSums {
  return Object.fromEntries(
    HOUR_SUMS.map((name) => [name, new Float64Array(DAYS * 24)]),
  ) as unknown as HourSums;
}

/** The hour of the day goes above the station in the high word of a flow's key. */
export const STATION_BITS = 24;
/** A bucket for each first byte of an id. */
export const ID_BUCKETS = 256;

/** Plain data, to be handed from one thread to another. */
export interface Tally {
  readonly schema: RideColumns['schema'];
  readonly rows: number;
  /** Rows by verdict, in the order of VERDICTS. */
  readonly verdicts: Float64Array;
  readonly missingStartStation: number;
  readonly missingEndStation: number;
  readonly memberTypes: Readonly<Record<string, number>>;
  readonly bikeTypes: Readonly<Record<string, number>>;
  readonly hours: HourSums;
  /** Rides by duration in seconds, from 0; the last place holds all longer ones. */
  readonly seconds: Uint32Array;
  /** µs; Infinity and -Infinity where no ride was kept. */
  readonly firstStart: number;
  readonly lastStart: number;
  readonly shortest: number;
  readonly longest: number;
  readonly stations: readonly string[];
  /** A bucket a day; high word: hour of the day and number of the start station, low word: number of the end station. */
  readonly flows: KeyFile;
  /** A bucket for each first byte; modern: ids of kept rides; legacy: whole kept rows. */
  readonly ids: KeyFile;
  readonly strays: readonly Ride[];
  /** Kept rides whose id was given as contested; in nothing else but rows, verdicts and counts by value. */
  readonly contested: readonly Ride[];
}
