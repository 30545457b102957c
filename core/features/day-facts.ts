/** Computes facts of a day that depend on neither hour nor weather, and caches them, because batches repeat few days. */
import { dayOfYearOf, weekdayOf } from '../../contracts/calendar.ts';
import type { Place } from '../../contracts/systems.ts';
import { isBridgeDay, isChristmasWeek, isHoliday } from './holidays.ts';
import { dayLength, solarElevation } from './sun.ts';

/** Is the mean length of a year in days. */
const YEAR_DAYS = 365.25;

/** Limits the size of the cache: about three years of days, half a megabyte. */
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

/** Bounds the cache of places. A service has one or two. */
const MOST_PLACES = 16;

/** Returns the facts of a day since 1970-01-01. */
export type DayFactsOf = (day: number) => DayFacts;

const knownPlaces = new Map<string, DayFactsOf>();

/** Returns the facts of the days at a place. Equal places share one cache. */
export function dayFactsAt({ timeZone, latitude, longitude, holidays }: Place): DayFactsOf {
  const key = JSON.stringify([timeZone, latitude, longitude, holidays]);
  let facts = knownPlaces.get(key);
  if (!facts) {
    if (knownPlaces.size >= MOST_PLACES) knownPlaces.clear();
    facts = cachedFacts({ timeZone, latitude, longitude, holidays });
    knownPlaces.set(key, facts);
  }
  return facts;
}

function cachedFacts(place: Place): DayFactsOf {
  const known = new Map<number, DayFacts>();
  return (day) => {
    let facts = known.get(day);
    if (facts) return facts;
    facts = computeFacts(place, day);
    if (known.size >= MOST_DAYS) known.clear();
    known.set(day, facts);
    return facts;
  };
}

function computeFacts(place: Place, day: number): DayFacts {
  const { holidays } = place;
  const angle = (2 * Math.PI * dayOfYearOf(day)) / YEAR_DAYS;
  return {
    weekday: weekdayOf(day),
    isHoliday: isHoliday(holidays, day),
    holidayTomorrow: isHoliday(holidays, day + 1),
    holidayYesterday: isHoliday(holidays, day - 1),
    bridge: isBridgeDay(holidays, day, false),
    christmasWeek: isChristmasWeek(day),
    dayLength: dayLength(place, day),
    yearSin: Math.sin(angle),
    yearCos: Math.cos(angle),
    sunByHour: Float64Array.from({ length: 24 }, (_, hour) => solarElevation(place, day, hour + 0.5)),
  };
}
