/** Aggregates hours and weather for the exploratory report. */
import type { HourRow } from '../../../contracts/hours.ts';
import type { WeatherDay } from '../../../contracts/frame.ts';
import { daysBetween, daysOf as daysOfSpan, epochDayOf, weekdayOf } from '../../../contracts/calendar.ts';

export const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** A day with more rain than this, in inches, is wet. A trace has no effect on demand. */
export const WET_FROM_INCHES = 0.02;

export interface MonthSummary {
  readonly month: string;
  readonly trips: number;
  /** Number of days with at least one hour. */
  readonly days: number;
  /** Share among rides with a known member type, or null if none is known. */
  readonly memberShare: number | null;
  readonly electricShare: number | null;
  readonly meanMinutes: number | null;
}

/** Represents the means per day at each hour, 0 to 23. Null if no day of that kind has the hour. */
export interface HourProfile {
  readonly trips: readonly (number | null)[];
  readonly meanMinutes: readonly (number | null)[];
  readonly memberShare: readonly (number | null)[];
  readonly electricShare: readonly (number | null)[];
}

export interface DaySummary {
  readonly date: string;
  readonly trips: number;
  /** True for weekends and federal holidays. */
  readonly free: boolean;
  readonly weather: WeatherDay | null;
}

export interface ExploreHours {
  readonly from: string;
  readonly to: string;
  readonly hours: number;
  readonly trips: number;
  readonly months: readonly MonthSummary[];
  readonly days: readonly DaySummary[];
  readonly workdays: HourProfile;
  readonly freeDays: HourProfile;
  /** Mean trips per day, Monday first. */
  readonly byWeekday: readonly (number | null)[];
  /** Mean trips at `[weekday][hour]`. */
  readonly heat: readonly (readonly (number | null)[])[];
}

/** Sets the minimum share of hours of a month. A month with fewer hours consists of strays, so its means are not meaningful. */
const WHOLE_FROM = 0.5;

/** Separates the hours of complete months from incomplete months. */
export function wholeMonths(hours: readonly HourRow[]): { hours: HourRow[]; fragments: string[] } {
  const byMonth = Map.groupBy(hours, ({ date }) => date.slice(0, 7));
  const fragments = [...byMonth]
    .filter(([month, rows]) => rows.length < WHOLE_FROM * 24 * daysOfMonth(month))
    .map(([month]) => month);
  return { hours: hours.filter(({ date }) => !fragments.includes(date.slice(0, 7))), fragments };
}

function daysOfMonth(month: string): number {
  const { firstDay, lastDay } = daysOfSpan({ from: month, to: month });
  return daysBetween(firstDay, lastDay).length;
}

/**
 * Aggregates the data of the report.
 * @param hours at least one hour, and each (date, hour) once.
 * @param weather one record per day. Charts of weather omit days without a record.
 */
export function exploreHours(hours: readonly HourRow[], weather: readonly WeatherDay[]): ExploreHours {
  const days = daysOf(hours, weather);
  const isFree = new Map(days.map(({ date, free }) => [date, free]));
  return {
    from: days[0]!.date,
    to: days.at(-1)!.date,
    hours: hours.length,
    trips: sum(hours, ({ trips }) => trips),
    months: monthsOf(hours),
    days,
    workdays: profileOf(hours.filter(({ date }) => !isFree.get(date))),
    freeDays: profileOf(hours.filter(({ date }) => isFree.get(date))),
    byWeekday: WEEKDAYS.map((_, weekday) =>
      mean(days.filter(({ date }) => weekday === weekdayOfDate(date)).map(({ trips }) => trips)),
    ),
    heat: heatOf(hours),
  };
}

function weekdayOfDate(date: string): number {
  return weekdayOf(epochDayOf(date));
}

function daysOf(hours: readonly HourRow[], weather: readonly WeatherDay[]): DaySummary[] {
  const weatherOf = new Map(weather.map((day) => [day.date, day]));
  return [...Map.groupBy(hours, ({ date }) => date)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([date, rows]) => ({
      date,
      trips: sum(rows, ({ trips }) => trips),
      free: weekdayOfDate(date) >= 5 || rows.some(({ holiday }) => holiday === 1),
      weather: weatherOf.get(date) ?? null,
    }));
}

function monthsOf(hours: readonly HourRow[]): MonthSummary[] {
  return [...Map.groupBy(hours, ({ date }) => date.slice(0, 7))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([month, rows]) => ({
      month,
      trips: sum(rows, ({ trips }) => trips),
      days: new Set(rows.map(({ date }) => date)).size,
      memberShare: share(rows, 'member', 'casual'),
      electricShare: share(rows, 'electric', 'classic'),
      meanMinutes: meanMinutes(rows),
    }));
}

function profileOf(rows: readonly HourRow[]): HourProfile {
  const hours = Array.from({ length: 24 }, (_, hour) => rows.filter((row) => row.hour === hour));
  return {
    trips: hours.map((each) => mean(each.map(({ trips }) => trips))),
    meanMinutes: hours.map(meanMinutes),
    memberShare: hours.map((each) => share(each, 'member', 'casual')),
    electricShare: hours.map((each) => share(each, 'electric', 'classic')),
  };
}

function heatOf(hours: readonly HourRow[]): (number | null)[][] {
  const cells = WEEKDAYS.map(() => Array.from({ length: 24 }, () => ({ trips: 0, count: 0 })));
  for (const { date, hour, trips } of hours) {
    const cell = cells[weekdayOfDate(date)]![hour]!;
    cell.trips += trips;
    cell.count += 1;
  }
  return cells.map((row) => row.map(({ trips, count }) => (count > 0 ? trips / count : null)));
}

/** Returns the share of the first kind among rides of both kinds. */
function share(
  rows: readonly HourRow[],
  first: 'member' | 'electric',
  second: 'casual' | 'classic',
): number | null {
  const [a, b] = [sum(rows, (row) => row[first] ?? 0), sum(rows, (row) => row[second] ?? 0)];
  return a + b > 0 ? a / (a + b) : null;
}

/** Returns a mean that weights hours by their trips. */
function meanMinutes(rows: readonly HourRow[]): number | null {
  const timed = rows.filter((row) => row.mean_minutes !== null && row.trips > 0);
  const rides = sum(timed, ({ trips }) => trips);
  return rides > 0 ? sum(timed, ({ trips, mean_minutes: minutes }) => trips * (minutes ?? 0)) / rides : null;
}

function sum<T>(items: readonly T[], pick: (item: T) => number): number {
  return items.reduce((total, item) => total + pick(item), 0);
}

export function mean(values: readonly number[]): number | null {
  return values.length > 0 ? values.reduce((total, value) => total + value, 0) / values.length : null;
}
