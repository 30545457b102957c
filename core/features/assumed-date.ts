/**
 * The 12 basic features carry no year. To serve them with growth and daylight, the service assumes a date. It is the nearest to an anchor
 * whose weekday, ISO week and month are those of the sines and cosines.
 */
import { CitibikeError } from '../../contracts/errors.ts';
import { dateOfEpochDay, epochDayOf, isoWeekOf, monthOf, weekdayOf } from '../../contracts/calendar.ts';
import { BASIC_CYCLES, type CyclicFeatures } from './basic-features.ts';

export interface AssumedHour {
  /** Date as `YYYY-MM-DD`. */
  readonly date: string;
  /** Hour of the day, 0 to 23. */
  readonly hour: number;
  /** False if no day has that weekday, ISO week and month, so that the week of the result differs. */
  readonly exact: boolean;
}

/** Limits the distance of a pair from a step of the unit circle. Callers round to two or three decimals. */
const TOLERANCE = 0.06;

/** Years to search. Calendars repeat within a dozen years, except for rare days of a 53rd week. */
const SEARCH_YEARS = 12;

/** Sets the weeks to search on either side of the anchor if no day matches. They cover a whole year. */
const FALLBACK_WEEKS = 53;

interface Wanted {
  readonly weekday: number;
  readonly week: number;
  readonly month: number;
}

/** The step of a cycle that a sine and cosine stand for, counted as the cycle counts. */
function decode(cycle: keyof typeof BASIC_CYCLES, features: CyclicFeatures): number {
  const { length, first } = BASIC_CYCLES[cycle];
  const sine = features[`${cycle}_sin`];
  const cosine = features[`${cycle}_cos`];
  const step = (Math.round((Math.atan2(sine, cosine) / (2 * Math.PI)) * length) + length) % length;
  const angle = (2 * Math.PI * step) / length;
  // The negation rejects NaN too.
  if (!(Math.hypot(sine - Math.sin(angle), cosine - Math.cos(angle)) <= TOLERANCE)) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `${cycle}_sin, ${cycle}_cos: got ${sine}, ${cosine}, expected sine and cosine of a step of a cycle of ${length}`,
      { field: `${cycle}_sin`, value: sine },
    );
  }
  return step + first;
}

/** Returns the Monday of ISO week 1, the week that contains 4 January. */
function firstMonday(isoYear: number): number {
  const fourth = epochDayOf(`${isoYear}-01-04`);
  return fourth - weekdayOf(fourth);
}

/** Returns the nearest day with this weekday, ISO week and month. The earlier of two equally near days wins. */
function exactDay({ weekday, week, month }: Wanted, anchor: number): number | undefined {
  const year = Number(dateOfEpochDay(anchor).slice(0, 4));
  const { length } = BASIC_CYCLES.week;
  const years = Array.from({ length: 2 * SEARCH_YEARS + 1 }, (_, i) => year - SEARCH_YEARS + i);
  const days = years.flatMap((isoYear) => {
    const day = firstMonday(isoYear) + 7 * (week - 1) + weekday;
    // Week 53 has the same sines as week 1.
    const day53 = day + 7 * length;
    return week === 1 && isoWeekOf(day53) === 53 ? [day, day53] : [day];
  });
  const fitting = days.filter((day) => monthOf(day) === month);
  return fitting.length > 0 ? nearest(fitting, anchor) : undefined;
}

/** Returns the day with this weekday and month whose week is nearest. */
function bestDay({ weekday, week, month }: Wanted, anchor: number): number {
  const { length } = BASIC_CYCLES.week;
  const start = anchor + ((weekday - weekdayOf(anchor) + 7) % 7);
  const days = Array.from({ length: 2 * FALLBACK_WEEKS }, (_, i) => start + 7 * (i - FALLBACK_WEEKS));
  const ofMonth = days.filter((day) => monthOf(day) === month);
  const weeksOff = (day: number) => {
    const apart = Math.abs(isoWeekOf(day) - week) % length;
    return Math.min(apart, length - apart);
  };
  const least = Math.min(...ofMonth.map(weeksOff));
  return nearest(
    ofMonth.filter((day) => weeksOff(day) === least),
    anchor,
  );
}

/** @param days in ascending order. */
function nearest(days: readonly number[], anchor: number): number {
  return days.reduce((best, day) => (Math.abs(day - anchor) < Math.abs(best - anchor) ? day : best));
}

/**
 * Decodes hour, weekday, ISO week and month, and finds the nearest date to `anchor` (`YYYY-MM-DD`) with these values. The earlier of
 * two equally near dates wins. If week and month contradict each other, the date has the weekday and month, and the nearest week.
 * @throws CitibikeError INVALID_INPUT when a pair is not a point of its cycle.
 */
export function nearestDateFor(features: CyclicFeatures, anchor: string): AssumedHour {
  const wanted = {
    weekday: decode('weekday', features),
    week: decode('week', features),
    month: decode('mnth', features),
  };
  const hour = decode('hr', features);
  return { ...nearestDay(wanted, anchor), hour };
}

type AssumedDay = Omit<AssumedHour, 'hour'>;

/** Lists the cached results, because a search over 25 years takes longer than the prediction. */
const found = new Map<string, Map<number, AssumedDay>>();

/** Limits the size of the cache. An anchor has at most 7 · 53 · 12 results, and a service has one or two anchors. */
const MOST_ANCHORS = 16;

function nearestDay(wanted: Wanted, anchor: string): AssumedDay {
  let days = found.get(anchor);
  if (!days) {
    if (found.size >= MOST_ANCHORS) found.clear();
    found.set(anchor, (days = new Map<number, AssumedDay>()));
  }
  const key = (wanted.week * 7 + wanted.weekday) * 13 + wanted.month;
  let day = days.get(key);
  if (!day) {
    const anchorDay = epochDayOf(anchor);
    const exact = exactDay(wanted, anchorDay);
    day = { date: dateOfEpochDay(exact ?? bestDay(wanted, anchorDay)), exact: exact !== undefined };
    days.set(key, day);
  }
  return day;
}
