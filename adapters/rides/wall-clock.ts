/**
 * Parses times of rides: local wall clock, as microseconds since 1970-01-01 00:00 on that clock. Published forms are
 * `2024-01-31 23:59:59`, optionally with a fraction of up to six digits or without seconds, `2024-01-31T23:59:59`, and
 * `1/31/2015 23:59:59`, optionally without seconds or with a year of two digits.
 */

import { viewOf } from './view-of.ts';

/** Marks a text that has none of the forms. */
const UNREADABLE = NaN;
/** Marks a text with the form of a time that does not exist, such as hour 25 or 30 February. */
export const IMPOSSIBLE = Infinity;

export const SECOND_US = 1e6;
export const HOUR_US = 3600 * SECOND_US;

const ZERO = 48;
const SPACE = 32;
const DASH = 45;
const DOT = 46;
const SLASH = 47;
const COLON = 58;

const DAYS_IN_MONTH = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAYS_BEFORE_MONTH = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/** Reads `bytes[from..to)`. @returns microseconds, UNREADABLE or IMPOSSIBLE. */
export function parseWallClock(bytes: Uint8Array, from: number, to: number): number {
  const into = new Float64Array(1);
  readWallClock(bytes, from, to, into, 0);
  return into[0]!;
}

/** Works like `parseWallClock` but writes to `into[at]`, because V8 would box millions of returned numbers. */
export function readWallClock(
  bytes: Uint8Array,
  from: number,
  to: number,
  into: Float64Array,
  at: number,
): void {
  if (
    to - from < 19 ||
    bytes[from + 10] !== SPACE ||
    bytes[from + 13] !== COLON ||
    bytes[from + 16] !== COLON ||
    !isMonthKnown(bytes, from)
  )
    return readOtherForms(bytes, from, to, into, at);
  const day = twoDigits(bytes, from + 8);
  const hour = twoDigits(bytes, from + 11);
  const minute = twoDigits(bytes, from + 14);
  const second = twoDigits(bytes, from + 17);
  // A field is negative only if one of its bytes is not a digit.
  if ((day | hour | minute | second) < 0) {
    into[at] = UNREADABLE;
    return;
  }
  let fraction = 0;
  if (to - from > 19) {
    if (bytes[from + 19] !== DOT || to - from === 20 || to - from > 26)
      return readOtherForms(bytes, from, to, into, at);
    let unit = 100_000;
    for (let i = from + 20; i < to; i++) {
      const digit = bytes[i]! - ZERO;
      if (digit < 0 || digit > 9) return readOtherForms(bytes, from, to, into, at);
      fraction += digit * unit;
      unit /= 10;
    }
  }
  into[at] = timeInKnownMonth(day, hour, minute, second) + fraction;
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - ZERO;
  const ones = bytes[at + 1]! - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** Converts a date after 1582. @returns microseconds, or IMPOSSIBLE. */
export function wallClock(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number {
  if (month < 1 || month > 12) return IMPOSSIBLE;
  if (year * 12 + month !== known.key) learn(year, month);
  return timeInKnownMonth(day, hour, minute, second);
}

/** Caches the last month, because nearly all times of a file are in one or two months. */
const known = {
  key: -1,
  days: 0,
  before: 0,
  /** Bytes of `2024` and `-01-`, as words. */
  yearWord: 0,
  monthWord: 0,
};

function timeInKnownMonth(day: number, hour: number, minute: number, second: number): number {
  if (day < 1 || day > known.days || hour > 23 || minute > 59 || second > 59) return IMPOSSIBLE;
  return ((((known.before + day) * 24 + hour) * 60 + minute) * 60 + second) * SECOND_US;
}

/** Tells whether the bytes begin with `2024-01-`, and makes it the known month. */
function isMonthKnown(bytes: Uint8Array, from: number): boolean {
  const view = viewOf(bytes);
  const yearWord = view.getInt32(from);
  const monthWord = view.getInt32(from + 4);
  if (yearWord === known.yearWord && monthWord === known.monthWord) return true;
  const century = twoDigits(bytes, from);
  const yearOfCentury = twoDigits(bytes, from + 2);
  const month = twoDigits(bytes, from + 5);
  if (bytes[from + 4] !== DASH || bytes[from + 7] !== DASH) return false;
  if ((century | yearOfCentury) < 0 || month < 1 || month > 12) return false;
  learn(century * 100 + yearOfCentury, month);
  known.yearWord = yearWord;
  known.monthWord = monthWord;
  return true;
}

function learn(year: number, month: number): void {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const past = year - 1;
  const leapDays = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  known.key = year * 12 + month;
  known.days = DAYS_IN_MONTH[month]! + (leap && month === 2 ? 1 : 0);
  // 719162 days are between 0001-01-01 and 1970-01-01, and days of a month count from 1.
  known.before = past * 365 + leapDays + DAYS_BEFORE_MONTH[month]! + (leap && month > 2 ? 1 : 0) - 719_163;
  known.yearWord = 0;
}

/** Matches times with blanks around them; like the American form, they are rare enough for a regular expression. */
const ISO = /^(\d{4})-(\d{1,2})-(\d{1,2})[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,6}))?)?$/;
const AMERICAN = /^(\d{1,2})\/(\d{1,2})\/(\d{2}|\d{4}) (\d{1,2}):(\d{1,2})(?::(\d{1,2}))?$/;

/** Up to this year, two digits can be a month: `10/11/12`. */
const LAST_AMBIGUOUS_YEAR = 12;

function readOtherForms(bytes: Uint8Array, from: number, to: number, into: Float64Array, at: number): void {
  into[at] = parseOtherForms(bytes, from, to);
}

function parseOtherForms(bytes: Uint8Array, from: number, to: number): number {
  // Most texts that reach this point are empty.
  if (to - from < 8 || to - from > 64) return UNREADABLE;
  if (!bytes.subarray(from, to).some((byte) => byte === SLASH || byte === DASH)) return UNREADABLE;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from)
    .toString('latin1')
    .trim();
  const iso = ISO.exec(text);
  if (iso) {
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = iso.slice(1, 6).map(Number);
    return (
      wallClock(year, month, day, hour, minute, Number(iso[6] ?? 0)) + Number((iso[7] ?? '').padEnd(6, '0'))
    );
  }
  const american = AMERICAN.exec(text);
  if (!american) return UNREADABLE;
  const [month = 0, day = 0, year = 0, hour = 0, minute = 0] = american.slice(1, 6).map(Number);
  if (year <= LAST_AMBIGUOUS_YEAR) return UNREADABLE;
  return wallClock(year < 100 ? 2000 + year : year, month, day, hour, minute, Number(american[6] ?? 0));
}

/** Formats as `2024-01-31 23:59:59.999999`, with milliseconds if these are exact and without a zero fraction. */
export function formatWallClock(us: number): string {
  const text = new Date(Math.floor(us / 1000)).toISOString().replace('T', ' ').slice(0, 23);
  const below = us % 1000;
  if (below !== 0) return `${text}${String(below).padStart(3, '0')}`;
  return text.endsWith('.000') ? text.slice(0, 19) : text;
}
