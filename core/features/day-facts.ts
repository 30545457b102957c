/** What a day is, whatever the hour and the weather: worked out once and remembered, for a batch asks about few days many times. */
import { dayOfYearOf, weekdayOf } from '../../contracts/calendar.ts';
import { isBridgeDay, isChristmasWeek, isHoliday } from './holidays.ts';
import { dayLength, solarElevation } from './sun.ts';

/** Mean length of a year in days. */
const YEAR_DAYS = 365.25;

/** About three years of days, half a megabyte. */
const MOST_DAYS = 1_000;

export interface DayFacts {
  /** 0 Monday .. 6 Sunday */
  readonly weekday: number;
  readonly isHoliday: boolean;
  readonly holidayTomorrow: boolean;
  readonly holidayYesterday: boolean;
  /** A bridge day, if it is no holiday itself. */
  readonly bridge: boolean;
  readonly christmasWeek: boolean;
  /** Hours. */
  readonly dayLength: number;
  readonly yearSin: number;
  readonly yearCos: number;
  /** Degrees of the sun above the horizon in the middle of each of the 24 hours. */
  readonly sunByHour: Float64Array;
}

const known = new Map<number, DayFacts>();

/** @param day since 1970-01-01, New York. */
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
