/**
 * US federal holidays by rule (5 U.S.C. 6103), with the weekday on which one that falls on a weekend is observed: Friday for a
 * Saturday, Monday for a Sunday. Both the day itself and the observed day count, as riders keep both.
 */

const DAY_MS = 86_400_000;
const [SUNDAY, MONDAY, THURSDAY, SATURDAY] = [0, 1, 4, 6] as const;

/** First year of Juneteenth as a federal holiday (Public Law 117-17, June 2021). */
const JUNETEENTH_SINCE = 2021;

/** Epoch day of a date; month counts from 1. Calendar arithmetic only, no time zone. */
function dayNumber(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

/** 0 Sunday .. 6 Saturday; day 0 of the epoch was a Thursday. */
function weekday(day: number): number {
  return (((day + THURSDAY) % 7) + 7) % 7;
}

function isoDate(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** `nth(2024, 11, 4, THURSDAY)`: the fourth Thursday of November. */
function nth(year: number, month: number, count: number, wanted: number): number {
  const first = dayNumber(year, month, 1);
  return first + ((wanted - weekday(first) + 7) % 7) + (count - 1) * 7;
}

function lastMonday(year: number, month: number): number {
  const last = dayNumber(year, month + 1, 1) - 1;
  return last - ((weekday(last) - MONDAY + 7) % 7);
}

function legalHolidays(year: number): number[] {
  return [
    dayNumber(year, 1, 1), // New Year
    nth(year, 1, 3, MONDAY), // Martin Luther King
    nth(year, 2, 3, MONDAY), // Washington
    lastMonday(year, 5), // Memorial
    ...(year >= JUNETEENTH_SINCE ? [dayNumber(year, 6, 19)] : []),
    dayNumber(year, 7, 4), // Independence
    nth(year, 9, 1, MONDAY), // Labor
    nth(year, 10, 2, MONDAY), // Columbus
    dayNumber(year, 11, 11), // Veterans
    nth(year, 11, 4, THURSDAY), // Thanksgiving
    dayNumber(year, 12, 25), // Christmas
  ];
}

function observed(day: number): number {
  if (weekday(day) === SATURDAY) return day - 1;
  if (weekday(day) === SUNDAY) return day + 1;
  return day;
}

const byYear = new Map<number, ReadonlySet<string>>();

/** Every holiday of a year and its observed day as `YYYY-MM-DD`; 31 December when next New Year falls on a Saturday. */
export function federalHolidays(year: number): ReadonlySet<string> {
  const known = byYear.get(year);
  if (known) return known;
  const legal = legalHolidays(year);
  const days = [...legal, ...legal.map(observed), observed(dayNumber(year + 1, 1, 1))];
  const dates = new Set(
    days
      .map(isoDate)
      .filter((date) => date.startsWith(`${year}-`))
      .sort(),
  );
  byYear.set(year, dates);
  return dates;
}

/** @param date `YYYY-MM-DD`, New York. */
export function isFederalHoliday(date: string): boolean {
  return federalHolidays(Number(date.slice(0, 4))).has(date);
}
