/** Parses the `date` of a request or row: a time on the wall clock of a place, floored to its hour. */
import { digits, isDate } from './calendar.ts';
import { zoneClock } from './zone-clock.ts';

/** Limits the archives begin in 2013. Growth cannot be extrapolated over many decades. */
const FIRST_YEAR = 2013;
const LAST_YEAR = 2099;

export const TIME_PATTERN = '^\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?$';
export const EXPECTED_TIME =
  'local time of the system as YYYY-MM-DDTHH:MM[:SS] without a zone; minutes are floored to the hour';

export interface TripHour {
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** 0..23 */
  readonly hour: number;
}

/**
 * Returns the hour, or the text after "expected" in an error message.
 * @param text that matches `TIME_PATTERN`.
 * @param timeZone whose clock must have the hour. A caller that does not know it, such as a form, leaves the check to the service.
 */
export function tripHour(text: string, timeZone?: string): TripHour | string {
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  const second = text.length > 16 ? digits(text, 17, 19) : 0;
  // The negation also rejects NaN.
  if (!(year >= FIRST_YEAR && year <= LAST_YEAR)) return `a year from ${FIRST_YEAR} to ${LAST_YEAR}`;
  if (!isDate(year, month, day)) return 'a day that is in the calendar';
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return 'a time of day from 00:00:00 to 23:59:59';
  const date = text.slice(0, 10);
  if (timeZone !== undefined && isSkipped(timeZone, year, date, hour))
    return `an hour that exists: on this day clocks in ${timeZone} skip ${text.slice(11, 13)}:00 to ${text.slice(11, 13)}:59`;
  return { date, hour };
}

function isSkipped(timeZone: string, year: number, date: string, hour: number): boolean {
  // Every request runs this code. Most years have one skipped hour, and comparing the hour first is fast.
  for (const skipped of zoneClock(timeZone).skippedIn(year))
    if (skipped.hour === hour && skipped.date === date) return true;
  return false;
}
