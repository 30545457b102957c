/**
 * Computes the wall clock of a time zone: its offset from UTC, and the hours that it skips or repeats. The rules are those of the
 * IANA database in `Intl`. This module loads no library, so that workflows and the browser can use it.
 */
import { DAY_MS, HOUR_MS, dateOfEpochDay, epochDay, yearOf } from './calendar.ts';

/** Represents an hour of the wall clock. */
interface WallHour {
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** 0..23 */
  readonly hour: number;
}

export interface ZoneClock {
  readonly timeZone: string;
  /**
   * Returns hours from UTC: −4 in summer and −5 in winter for New York. A repeated hour counts as its first pass.
   * @param day days since 1970-01-01. @param hour from 0 to 24; fractions are allowed.
   */
  offsetAt(day: number, hour: number): number;
  /**
   * Returns the first instant at which the wall clock shows an hour, in milliseconds of UTC. A skipped hour begins at the change, so a
   * day without midnight begins there too.
   * @param day days since 1970-01-01. @param hour from 0 to 24; 24 is the end of the day.
   */
  instantAt(day: number, hour: number): number;
  /** Returns the hours of a year that do not exist, because the clock skips all of their minutes. */
  skippedIn(year: number): readonly WallHour[];
  /** Returns the hours of a year that come twice. */
  repeatedIn(year: number): readonly WallHour[];
  /** Returns the month of an instant, `YYYY-MM`. */
  monthAt(instant: Date): string;
}

interface ClockYear {
  /** Offset in hours before the first change. */
  readonly first: number;
  readonly changes: readonly ClockChange[];
  readonly skipped: readonly WallHour[];
  readonly repeated: readonly WallHour[];
}

interface ClockChange {
  /** Hours since 1970-01-01 00:00 on the clock before the change. */
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

const MINUTE_MS = 60_000;
/** No zone changes its clock twice within a week. */
const PROBE_DAYS = 7;
/** Zones are at most 14 hours from UTC, so a local year lies within this many days around the year of UTC. */
const MARGIN_DAYS = 1;
/** Limits the caches. A service has one or two zones and a few years of each. */
const MOST_ZONES = 64;
const MOST_YEARS = 256;

const clocks = new Map<string, ZoneClock>();

/** @throws RangeError for a zone that the IANA database does not have. */
export function zoneClock(timeZone: string): ZoneClock {
  const known = clocks.get(timeZone);
  if (known) return known;
  if (clocks.size >= MOST_ZONES) clocks.clear();
  const clock = createZoneClock(timeZone);
  clocks.set(timeZone, clock);
  return clock;
}

function createZoneClock(timeZone: string): ZoneClock {
  const offsets = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  // Sweden's locale formats dates as ISO 8601.
  const dates = new Intl.DateTimeFormat('sv-SE', { timeZone });
  const years = new Map<number, ClockYear>();
  const yearAt = (year: number): ClockYear => {
    let known = years.get(year);
    if (!known) {
      if (years.size >= MOST_YEARS) years.clear();
      known = clockYear(year, (ms) => offsetOf(offsets.format(ms)));
      years.set(year, known);
    }
    return known;
  };
  /** Returns the offset at an hour of the wall clock, and the instant since which it holds, in hours of UTC. */
  const offsetSince = (day: number, hour: number) => {
    const { first, changes } = yearAt(yearOf(day));
    const last = changes.findLast(({ at }) => day * 24 + hour >= at);
    return last ? { offset: last.after, since: last.at - last.before } : { offset: first, since: -Infinity };
  };
  return {
    timeZone,
    offsetAt: (day, hour) => offsetSince(day, hour).offset,
    instantAt(day, hour) {
      const { offset, since } = offsetSince(day, hour);
      return Math.max(day * 24 + hour - offset, since) * HOUR_MS;
    },
    skippedIn: (year) => yearAt(year).skipped,
    repeatedIn: (year) => yearAt(year).repeated,
    monthAt: (instant) => dates.format(instant).slice(0, 7),
  };
}

/** @param offsetAt returns the hours from UTC at an instant in milliseconds. */
function clockYear(year: number, offsetAt: (ms: number) => number): ClockYear {
  const start = (epochDay(year, 1, 1) - MARGIN_DAYS) * DAY_MS;
  const end = (epochDay(year + 1, 1, 1) + MARGIN_DAYS) * DAY_MS;
  const first = offsetAt(start);
  const changes: ClockChange[] = [];
  for (let from = start; from < end; from += PROBE_DAYS * DAY_MS) {
    const to = Math.min(end, from + PROBE_DAYS * DAY_MS);
    const [before, after] = [offsetAt(from), offsetAt(to)];
    if (before === after) continue;
    const instant = firstMinute(from, to, (ms) => offsetAt(ms) !== before);
    changes.push({ at: instant / HOUR_MS + before, before, after });
  }
  const inYear = ({ date }: WallHour) => Number(date.slice(0, 4)) === year;
  return {
    first,
    changes,
    skipped: changes.flatMap(({ at, before, after }) => wholeHours(at, at + after - before)).filter(inYear),
    repeated: changes
      .flatMap(({ at, before, after }) => touchedHours(at + after - before, at))
      .filter(inYear),
  };
}

/** Returns the first minute in (from, to] for which `isAfter` holds. It holds for `to`. */
function firstMinute(from: number, to: number, isAfter: (ms: number) => boolean): number {
  let [low, high] = [from / MINUTE_MS, to / MINUTE_MS];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isAfter(middle * MINUTE_MS)) high = middle;
    else low = middle;
  }
  return high * MINUTE_MS;
}

/** Returns the hours that lie completely in a span of the wall clock. */
function wholeHours(from: number, to: number): WallHour[] {
  return hours(Math.ceil(from), Math.floor(to));
}

/** Returns the hours that a span of the wall clock has minutes of. */
function touchedHours(from: number, to: number): WallHour[] {
  return hours(Math.floor(from), Math.ceil(to));
}

function hours(from: number, to: number): WallHour[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => ({
    date: dateOfEpochDay(Math.floor((from + i) / 24)),
    hour: (from + i) % 24,
  }));
}

/** Parses the offset at the end of a text such as `1/1/2025, GMT-05:00`. `GMT` alone is 0. */
function offsetOf(text: string): number {
  const [, sign, hour, minute] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(text) ?? [];
  const value = Number(hour ?? 0) + Number(minute ?? 0) / 60;
  return sign === '-' ? -value : value;
}
