/** Parses the `date` of a request or row: a time on New York's wall clock, floored to its hour. */
import { digits, epochDay, isDate, weekdayOf } from './calendar.ts';

const SUNDAY = 6;
/** Citi Bike opened in 2013. Growth cannot be extrapolated over many decades. */
const FIRST_YEAR = 2013;
const LAST_YEAR = 2099;

export const TIME_PATTERN = '^\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?$';
export const EXPECTED_TIME =
  'New York local time as YYYY-MM-DDTHH:MM[:SS] without a zone; minutes are floored to the hour';

export interface TripHour {
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** 0..23 */
  readonly hour: number;
}

/** Returns the hour, or the text after "expected" in an error message. @param text that matches `TIME_PATTERN`. */
export function tripHour(text: string): TripHour | string {
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
  if (
    hour === 2 &&
    month === 3 &&
    day >= 8 &&
    day <= 14 &&
    weekdayOf(epochDay(year, month, day)) === SUNDAY
  ) {
    // Second Sunday of March (Energy Policy Act of 2005): clocks go from 01:59 to 03:00.
    return 'an hour that exists: on this day clocks in New York go from 01:59 to 03:00';
  }
  return { date: text.slice(0, 10), hour };
}
