/** Counts rides by station and hour of the week. A ride allocates nothing. */
import { HOURS_OF_WEEK } from '../../contracts/station-hours.ts';
import { HOUR_US } from './wall-clock.ts';

/** 1970-01-01 was a Thursday. */
const FIRST_HOUR = 3 * 24;

/** Returns hours since Monday 00:00. @param us local wall clock in µs since 1970. */
export function hourOfWeek(us: number): number {
  // As an integer, because the remainder of floats is slow.
  const hours = (us / HOUR_US) | 0;
  return (hours + FIRST_HOUR) % HOURS_OF_WEEK;
}

export class HourOfWeekCounts {
  #counts = new Uint32Array(64 * HOURS_OF_WEEK);

  /** Counts a ride. @param station number of the station. */
  add(station: number, hour: number): void {
    const at = station * HOURS_OF_WEEK + hour;
    while (at >= this.#counts.length) this.#grow();
    this.#counts[at]!++;
  }

  /** Returns the counts of the first stations, one after the other. */
  take(stations: number): Uint32Array {
    while (this.#counts.length < stations * HOURS_OF_WEEK) this.#grow();
    return this.#counts.slice(0, stations * HOURS_OF_WEEK);
  }

  #grow(): void {
    const larger = new Uint32Array(this.#counts.length * 2);
    larger.set(this.#counts);
    this.#counts = larger;
  }
}
