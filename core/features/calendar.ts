/** Calendar arithmetic on `YYYY-MM-DD`, without a time zone: a date is a New York day, a day its number since 1970-01-01. */
import { EXPECTED_DAY, digits, isDate } from '../../contracts/calendar-days.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';
import { isFederalHoliday } from './holidays.ts';

const DAY_MS = 86_400_000;
const DASH = 45;

/**
 * Days since 1970-01-01.
 * @throws CitibikeError INVALID_INPUT for what is not a date of the calendar.
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
  return Date.UTC(year, month - 1, dayOfMonth) / DAY_MS;
}

export function dateOfEpochDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** 0 Monday .. 6 Sunday; day 0 of the epoch was a Thursday. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** ISO 8601 week, 1..53: the week of the Thursday that shares it. */
export function isoWeekOf(day: number): number {
  const thursday = day - weekdayOf(day) + 3;
  return Math.floor((dayOfYearOf(thursday) - 1) / 7) + 1;
}

/** 1..12 */
export function monthOf(day: number): number {
  return new Date(day * DAY_MS).getUTCMonth() + 1;
}

/** 1..366 */
export function dayOfYearOf(day: number): number {
  const date = new Date(day * DAY_MS);
  return day - Date.UTC(date.getUTCFullYear(), 0, 1) / DAY_MS + 1;
}

export function isHoliday(day: number): boolean {
  return isFederalHoliday(dateOfEpochDay(day));
}

/** Monday to Friday and no federal holiday. */
export function isWorkday(day: number, holiday = isHoliday(day)): boolean {
  return weekdayOf(day) < 5 && !holiday;
}

/** A workday between two days off, such as the Friday after Thanksgiving: many do not go to work. */
export function isBridgeDay(day: number, holiday = isHoliday(day)): boolean {
  return isWorkday(day, holiday) && !isWorkday(day - 1) && !isWorkday(day + 1);
}

/** 24 December to 1 January, when offices and schools are closed or half empty. */
export function isChristmasWeek(day: number): boolean {
  const monthAndDay = dateOfEpochDay(day).slice(5);
  return monthAndDay >= '12-24' || monthAndDay === '01-01';
}
