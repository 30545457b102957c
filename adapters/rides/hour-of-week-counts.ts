/** Counts rides by station and hour of the week. */
import { HOURS_OF_WEEK } from '../../contracts/station-hours.ts';
import { HOURS_BITS, NO_HOURS, STATION_BITS, STATION_MASK } from './tally.ts';

/** Represents counts as plain data, which can be sent to another thread: HOURS_OF_WEEK for each station. */
export interface HourOfWeekCounts {
  readonly departures: Uint32Array;
  readonly arrivals: Uint32Array;
}

/** 1970-01-01 was a Thursday. */
const FIRST_HOUR = 3 * 24;

/** Returns hours since Monday 00:00. @param hours hours since 1970 on the local wall clock. */
export function hourOfWeek(hours: number): number {
  return (Math.floor(hours) + FIRST_HOUR) % HOURS_OF_WEEK;
}

export function emptyCounts(stations: number): HourOfWeekCounts {
  return {
    departures: new Uint32Array(stations * HOURS_OF_WEEK),
    arrivals: new Uint32Array(stations * HOURS_OF_WEEK),
  };
}

/**
 * Counts the rides of one day from the words of its flow keys. Rides of one day touch a seventh of the counts, which then stay in
 * the processor's cache.
 * @param day days since 1970-01-01.
 */
export function countRides(
  { departures, arrivals }: HourOfWeekCounts,
  words: Uint32Array,
  day: number,
): void {
  const midnight = hourOfWeek(day * 24);
  for (let i = 0; i < words.length; i += 2) {
    const low = words[i]!;
    const high = words[i + 1]!;
    const started = midnight + (high >>> STATION_BITS);
    departures[(high & STATION_MASK) * HOURS_OF_WEEK + started]!++;
    const hours = low & NO_HOURS;
    if (hours !== NO_HOURS)
      arrivals[(low >>> HOURS_BITS) * HOURS_OF_WEEK + ((started + hours) % HOURS_OF_WEEK)]!++;
  }
}
