/**
 * Computes US federal holidays by rule (5 U.S.C. 6103). A holiday on a Saturday is observed on Friday, one on a Sunday on Monday. Both
 * the day itself and the observed day count, because both change demand.
 */

import { dateOfEpochDay, epochDay, nthWeekday, weekdayOf } from '../../contracts/calendar.ts';

const [MONDAY, THURSDAY, SATURDAY, SUNDAY] = [0, 3, 5, 6] as const;

/** First year of Juneteenth as a federal holiday (Public Law 117-17, June 2021). */
const JUNETEENTH_SINCE = 2021;

function lastMonday(year: number, month: number): number {
  const last = epochDay(year, month + 1, 0);
  return last - weekdayOf(last);
}

function legalHolidays(year: number): number[] {
  return [
    epochDay(year, 1, 1), // New Year
    nthWeekday(year, 1, 3, MONDAY), // Martin Luther King
    nthWeekday(year, 2, 3, MONDAY), // Washington
    lastMonday(year, 5), // Memorial
    ...(year >= JUNETEENTH_SINCE ? [epochDay(year, 6, 19)] : []),
    epochDay(year, 7, 4), // Independence
    nthWeekday(year, 9, 1, MONDAY), // Labor
    nthWeekday(year, 10, 2, MONDAY), // Columbus
    epochDay(year, 11, 11), // Veterans
    nthWeekday(year, 11, 4, THURSDAY), // Thanksgiving
    epochDay(year, 12, 25), // Christmas
  ];
}

function observed(day: number): number {
  if (weekdayOf(day) === SATURDAY) return day - 1;
  if (weekdayOf(day) === SUNDAY) return day + 1;
  return day;
}

const byYear = new Map<number, ReadonlySet<string>>();

/** Returns every holiday of a year and its observed day as `YYYY-MM-DD`. 31 December is one before a New Year on a Saturday. */
export function federalHolidays(year: number): ReadonlySet<string> {
  const known = byYear.get(year);
  if (known) return known;
  const legal = legalHolidays(year);
  const days = [...legal, ...legal.map(observed), observed(epochDay(year + 1, 1, 1))];
  const dates = new Set(
    days
      .map(dateOfEpochDay)
      .filter((date) => date.startsWith(`${year}-`))
      .sort(),
  );
  byYear.set(year, dates);
  return dates;
}

/** @param date date in New York as `YYYY-MM-DD`. */
export function isFederalHoliday(date: string): boolean {
  return federalHolidays(Number(date.slice(0, 4))).has(date);
}

/** Checks a day by its number since 1970-01-01. */
export function isHoliday(day: number): boolean {
  return isFederalHoliday(dateOfEpochDay(day));
}

/** Checks for Monday to Friday without a federal holiday. */
export function isWorkday(day: number, holiday = isHoliday(day)): boolean {
  return weekdayOf(day) < 5 && !holiday;
}

/** Checks for a workday between two days off, such as the Friday after Thanksgiving, when many stay away from work. */
export function isBridgeDay(day: number, holiday = isHoliday(day)): boolean {
  return isWorkday(day, holiday) && !isWorkday(day - 1) && !isWorkday(day + 1);
}

/** Checks for 24 December to 1 January, when offices and schools are closed or half empty. */
export function isChristmasWeek(day: number): boolean {
  const monthAndDay = dateOfEpochDay(day).slice(5);
  return monthAndDay >= '12-24' || monthAndDay === '01-01';
}
