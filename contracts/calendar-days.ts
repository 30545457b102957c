/** Days and months as people write them. It loads no library, so that the browser can read it too. */

export const EXPECTED_DAY = 'a day as YYYY-MM-DD';
export const EXPECTED_MONTH = 'a month as YYYY-MM';
export const MONTH_PATTERN = '^\\d{4}-(0[1-9]|1[0-2])$';

const MONTH = new RegExp(MONTH_PATTERN);
const DAY_FORM = /^\d{4}-\d{2}-\d{2}$/;
const ZERO = 48;

/** Checks for the form `YYYY-MM-DD`; the calendar may not have the day. */
export function hasDayForm(text: string): boolean {
  return DAY_FORM.test(text);
}

/** Checks for `YYYY-MM-DD` of the calendar: `2025-02-30` is no day. */
export function isDay(text: string): boolean {
  return hasDayForm(text) && isDate(digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10));
}

/** Checks for `YYYY-MM`. */
export function isMonth(text: string): boolean {
  return MONTH.test(text);
}

/** Whether the calendar has this day; NaN is none. Years before 100 are none here: `Date.UTC` takes them for 19xx. */
export function isDate(year: number, month: number, dayOfMonth: number): boolean {
  return year >= 100 && month >= 1 && month <= 12 && dayOfMonth >= 1 && dayOfMonth <= daysIn(year, month);
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** The number that these characters write; NaN where one is no digit. */
export function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    value = digit >= 0 && digit <= 9 ? value * 10 + digit : NaN;
  }
  return value;
}
