/** Computes facts of a day that depend on neither hour nor weather, and caches them, because batches repeat few days. */
import { dayOfYearOf, weekdayOf } from '../../contracts/calendar.ts';
import { isBridgeDay, isChristmasWeek, isHoliday } from './holidays.ts';
import { dayLength, solarElevation } from './sun.ts';

/** Mean length of a year in days. */
const YEAR_DAYS = 365.25;

/** Size of the cache: about three years of days, half a megabyte. */
const MOST_DAYS = 1_000;

export interface DayFacts {
  /** Weekday from 0 (Monday) to 6 (Sunday). */
  readonly weekday: number;
  readonly isHoliday: boolean;
  readonly holidayTomorrow: boolean;
  readonly holidayYesterday: boolean;
  /** True for a bridge day that is not a holiday itself. */
  readonly bridge: boolean;
  readonly christmasWeek: boolean;
  /** Hours from sunrise to sunset. */
  readonly dayLength: number;
  readonly yearSin: number;
  readonly yearCos: number;
  /** Elevation of the sun in degrees in the middle of each of the 24 hours. */
  readonly sunByHour: Float64Array;
}

const known = new Map<number, DayFacts>();

/** @param day days since 1970-01-01, New York. */
export function dayFacts(day: number): DayFacts {
  let facts = known.get(day);
  if (facts) return facts;
  const angle = (2 * Math.PI * dayOfYearOf(day)) / YEAR_DAYS;
  facts = {
    weekday: weekdayOf(day),
    isHoliday: isHoliday(day),
    holidayTomorrow: isHoliday(day + 1),
    holidayYesterday: isHoliday(day - 1),
    bridge: isBridgeDay(day, false),
    christmasWeek: isChristmasWeek(day),
    dayLength: dayLength(day),
    yearSin: Math.sin(angle),
    yearCos: Math.cos(angle),
    sunByHour: Float64Array.from({ length: 24 }, (_, hour) => solarElevation(day, hour + 0.5)),
  };
  if (known.size >= MOST_DAYS) known.clear();
  known.set(day, facts);
  return facts;
}
