/** Splits time into the days of a time zone. A day has 23 or 25 hours when the clock changes. */
import { addDays, epochDayOf } from '../../contracts/calendar.ts';
import { zoneClock } from '../../contracts/zone-clock.ts';

/** Represents a local day, which begins at `from` and ends before `to`, in milliseconds of UTC. Some zones skip midnight when the clock changes. */
export interface LocalDay {
  readonly date: string;
  readonly from: number;
  readonly to: number;
}

/** Returns the local day of an instant. @param instant milliseconds of UTC. */
export function localDayOf(instant: number, timeZone: string): string {
  // Sweden's locale formats dates as ISO 8601.
  return new Intl.DateTimeFormat('sv-SE', { timeZone }).format(instant);
}

/** Represents an hour of the wall clock. */
export interface WallHour {
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** 0..23 */
  readonly hour: number;
}

/** Returns the hour that the wall clock shows at an instant. @param instant milliseconds of UTC. */
export function wallHourAt(instant: number, timeZone: string): WallHour {
  const options = { timeZone, dateStyle: 'short', timeStyle: 'medium' } as const;
  const [date, time] = new Intl.DateTimeFormat('sv-SE', options).format(instant).split(' ');
  return { date: date!, hour: Number(time!.slice(0, 2)) };
}

/** Lists the local days that a span of time touches. @param from and to are milliseconds of UTC. */
export function localDaysBetween(from: number, to: number, timeZone: string): LocalDay[] {
  const days: LocalDay[] = [];
  let date = localDayOf(from, timeZone);
  let start = midnightOf(date, timeZone);
  while (start < to) {
    const next = addDays(date, 1);
    const end = midnightOf(next, timeZone);
    days.push({ date, from: start, to: end });
    date = next;
    start = end;
  }
  return days;
}

/** Returns the instant at which a local day begins. */
function midnightOf(date: string, timeZone: string): number {
  return zoneClock(timeZone).instantAt(epochDayOf(date), 0);
}
