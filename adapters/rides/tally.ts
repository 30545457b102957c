/** Defines the results of one CSV: sums by hour, keys of flows and ids on disk, and the few rides of other months. */
import type { StationHours } from '../../contracts/station-hours.ts';
import type { IrregularRowCounts } from './irregular-rows.ts';
import type { KeyFile } from './key-buckets.ts';
import type { Ride } from './ride.ts';

/** Represents sums for each hour of the month: one array per column, 24 hours per day from the 1st. */
export interface HourSums {
  readonly trips: Float64Array;
  readonly member: Float64Array;
  readonly casual: Float64Array;
  readonly electric: Float64Array;
  readonly classic: Float64Array;
  /** Rides with a duration, and their milliseconds. Whole numbers make the sums independent of order. */
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

/** Counts the days of the longest month. */
export const DAYS = 31;

export function emptySums(): HourSums {
  return Object.fromEntries(
    HOUR_SUMS.map((name) => [name, new Float64Array(DAYS * 24)]),
  ) as unknown as HourSums;
}

/** Bits of the start station in the high word of a flow's key; the hour of the day is above them. */
export const STATION_BITS = 24;
export const STATION_MASK = 2 ** STATION_BITS - 1;
/** Bits of the hours from start to end in the low word of a flow's key; the end station is above them. */
export const HOURS_BITS = 8;
/** Stands for the hours of a ride without a duration. */
export const NO_HOURS = 2 ** HOURS_BITS - 1;
/** Sets one bucket for each first byte of an id. */
export const ID_BUCKETS = 256;

/** Represents the results of one CSV: plain data, which can be sent to another thread. */
export interface Tally {
  /** Name of the layout. */
  readonly layout: string;
  /** False if the layout has no ids, or no types of bikes. */
  readonly hasIds: boolean;
  readonly hasBikes: boolean;
  readonly rows: number;
  /** Rows that the reading of another month of the CSV counts. Nothing else includes them. */
  readonly rowsOfOtherMonths: number;
  /** Rows by outcome, in the order of RIDE_OUTCOMES. */
  readonly outcomes: Float64Array;
  readonly missingStartStation: number;
  readonly missingEndStation: number;
  readonly irregular: IrregularRowCounts;
  readonly memberTypes: Readonly<Record<string, number>>;
  readonly bikeTypes: Readonly<Record<string, number>>;
  readonly hours: HourSums;
  /** Rides by duration in seconds, from 0; the last bin holds all longer ones. */
  readonly seconds: Uint32Array;
  /** Start in µs; Infinity if no ride was kept, and -Infinity for `lastStart`. */
  readonly firstStart: number;
  readonly lastStart: number;
  readonly shortest: number;
  readonly longest: number;
  readonly stations: readonly string[];
  /** Rows by name that comes with each station's id, in the order of `stations`. */
  readonly stationNames: readonly ReadonlyMap<string, number>[];
  /** Median positions, in the order of `stations`. */
  readonly positions: readonly StationHours['position'][];
  /** One bucket per day. High word: hour of the day and start station; low word: end station and hours until the end. */
  readonly flows: KeyFile;
  /** One bucket for each first byte of the digests: of ids, or of whole kept rows in files without ids. */
  readonly ids: KeyFile;
  readonly strays: readonly Ride[];
  /** Kept rides with a contested id. Only `rows`, `outcomes` and the counts by value include them. */
  readonly contested: readonly Ride[];
}
