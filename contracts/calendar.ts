/**
 * Calculates with days (`YYYY-MM-DD`, or days since 1970-01-01), ISO weeks and months (`YYYY-MM`).
 * Calendar arithmetic has no time zone; zone-clock.ts has the clocks. This module loads no library, so that workflows and the browser can use it.
 */
import { CitibikeError } from './errors.ts';
import { showValue } from './show-value.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

export const EXPECTED_DAY = 'a day as YYYY-MM-DD';
export const EXPECTED_MONTH = 'a month as YYYY-MM';
export const MONTH_PATTERN = '^\\d{4}-(0[1-9]|1[0-2])$';

const MONTH = new RegExp(MONTH_PATTERN);
const DAY_FORM = /^\d{4}-\d{2}-\d{2}$/;
const ZERO = 48;
const DASH = 45;

// ---- days ----

/** Checks for the form `YYYY-MM-DD`. The calendar may lack the day. */
export function hasDayForm(text: string): boolean {
  return DAY_FORM.test(text);
}

/** Checks for a day of the calendar as `YYYY-MM-DD`. `2025-02-30` fails. */
export function isDay(text: string): boolean {
  return hasDayForm(text) && isDate(digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10));
}

/** Checks whether the calendar has this day. NaN fails. Years before 100 fail, because `Date.UTC` reads them as 19xx. */
export function isDate(year: number, month: number, dayOfMonth: number): boolean {
  return year >= 100 && month >= 1 && month <= 12 && dayOfMonth >= 1 && dayOfMonth <= daysIn(year, month);
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** Parses these characters as a number. Returns NaN if one of them is not a digit. */
export function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    value = digit >= 0 && digit <= 9 ? value * 10 + digit : NaN;
  }
  return value;
}

/**
 * Returns the days since 1970-01-01.
 * @param date `YYYY-MM-DD`
 * @throws CitibikeError INVALID_INPUT unless the calendar has the date.
 */
export function epochDayOf(date: string): number {
  const year = digits(date, 0, 4);
  const month = digits(date, 5, 7);
  const dayOfMonth = digits(date, 8, 10);
  const isWritten = date.length === 10 && date.charCodeAt(4) === DASH && date.charCodeAt(7) === DASH;
  if (!isWritten || !isDate(year, month, dayOfMonth)) {
    throw new CitibikeError('INVALID_INPUT', `date: got ${showValue(date)}, expected ${EXPECTED_DAY}`, {
      field: 'date',
      value: date,
    });
  }
  return epochDay(year, month, dayOfMonth);
}

/** Returns the days since 1970-01-01. Months count from 1; day 0 is the last day of the month before. */
export function epochDay(year: number, month: number, dayOfMonth: number): number {
  return Date.UTC(year, month - 1, dayOfMonth) / DAY_MS;
}

/** Returns the day as `YYYY-MM-DD`. */
export function dateOfEpochDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** Returns the date `count` days later: `addDays('2024-12-31', 1)` is `'2025-01-01'`. */
export function addDays(date: string, count: number): string {
  return dateOfEpochDay(epochDayOf(date) + count);
}

/** Lists every day of a span as `YYYY-MM-DD`, both ends inclusive. */
export function daysBetween(firstDay: string, lastDay: string): string[] {
  const first = epochDayOf(firstDay);
  const length = Math.max(0, epochDayOf(lastDay) - first + 1);
  return Array.from({ length }, (_, i) => dateOfEpochDay(first + i));
}

/** Returns the weekday, 0 Monday to 6 Sunday. Day 0 of the epoch was a Thursday. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** Returns the month, 1 to 12. */
export function monthOf(day: number): number {
  return new Date(day * DAY_MS).getUTCMonth() + 1;
}

/** Returns the day of the year, 1 to 366. */
export function dayOfYearOf(day: number): number {
  return day - epochDay(yearOf(day), 1, 1) + 1;
}

/** Returns the year of a day since 1970-01-01. */
export function yearOf(day: number): number {
  return new Date(day * DAY_MS).getUTCFullYear();
}

/** Returns the day of the `count`-th weekday of a month: `nthWeekday(2024, 11, 4, 3)` is the fourth Thursday of November. */
export function nthWeekday(year: number, month: number, count: number, weekday: number): number {
  const first = epochDay(year, month, 1);
  return first + ((weekday - weekdayOf(first) + 7) % 7) + (count - 1) * 7;
}

// ---- ISO weeks: Monday to Sunday; week 1 holds the year's first Thursday ----

/** Returns the ISO 8601 week, 1 to 53, which is the week of its Thursday. */
export function isoWeekOf(day: number): number {
  return Math.floor((dayOfYearOf(thursdayOf(day)) - 1) / 7) + 1;
}

/** Returns the label of an ISO week: `weekLabelOf('2024-12-30')` is `'2025-W01'`. @throws CitibikeError INVALID_INPUT */
export function weekLabelOf(date: string): string {
  const day = epochDayOf(date);
  return `${yearOf(thursdayOf(day))}-W${String(isoWeekOf(day)).padStart(2, '0')}`;
}

function thursdayOf(day: number): number {
  return day - weekdayOf(day) + 3;
}

// ---- months ----

/** Represents a span of months. Both ends are inclusive. */
interface Span {
  readonly from: string;
  readonly to: string;
}

/** Checks for `YYYY-MM`. */
export function isMonth(text: string): boolean {
  return MONTH.test(text);
}

/** Returns the months since year 0, so that arithmetic on months is arithmetic on numbers. */
function monthNumber(month: string): number {
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
}

function monthFromNumber(number: number): string {
  const year = Math.floor(number / 12);
  return `${String(year).padStart(4, '0')}-${String((number % 12) + 1).padStart(2, '0')}`;
}

/** Returns the month `count` months later: `addMonths('2024-12', 1)` is `'2025-01'`. */
export function addMonths(month: string, count: number): string {
  return monthFromNumber(monthNumber(month) + count);
}

/** Lists the months of the span in order. The list is empty if `to` is before `from`. */
export function monthsOf(span: Span): string[] {
  const first = monthNumber(span.from);
  const length = monthNumber(span.to) - first + 1;
  return Array.from({ length: Math.max(0, length) }, (_, i) => monthFromNumber(first + i));
}

/** Returns the first and last day of the span as `YYYY-MM-DD`. */
export function daysOf(span: Span): { firstDay: string; lastDay: string } {
  const [year, month] = [Number(span.to.slice(0, 4)), Number(span.to.slice(5, 7))];
  return { firstDay: `${span.from}-01`, lastDay: dateOfEpochDay(epochDay(year, month + 1, 0)) };
}
