/** The `date` of a trip row: a New York wall clock reading, floored to its hour. */

/** Citi Bike opened in 2013; growth over more than some decades says nothing any more. */
const FIRST_YEAR = 2013;
const LAST_YEAR = 2099;

export interface TripHour {
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** 0..23 */
  readonly hour: number;
}

/** @param text of the form `YYYY-MM-DDTHH:MM[:SS]`. @returns the hour, or what is wrong with it in words. */
export function tripHour(text: string): TripHour | string {
  const date = text.slice(0, 10);
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8, 10))];
  const [hour, minute, second] = [
    Number(text.slice(11, 13)),
    Number(text.slice(14, 16)),
    Number(text.slice(17, 19)),
  ];
  if (year < FIRST_YEAR || year > LAST_YEAR) return `a year from ${FIRST_YEAR} to ${LAST_YEAR}`;
  const utc = new Date(Date.UTC(year, month - 1, day));
  if (utc.getUTCMonth() !== month - 1 || utc.getUTCDate() !== day) return 'a day that is in the calendar';
  if (hour > 23 || minute > 59 || second > 59) return 'a time of day from 00:00:00 to 23:59:59';
  if (hour === 2 && month === 3 && utc.getUTCDay() === 0 && day >= 8 && day <= 14) {
    // Second Sunday of March (Energy Policy Act of 2005): clocks go from 01:59 to 03:00.
    return 'an hour that exists: on this day clocks in New York go from 01:59 to 03:00';
  }
  return { date, hour };
}
