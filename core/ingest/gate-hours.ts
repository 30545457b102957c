/** Completes the hours of a month in local time, and rejects months with missing or impossible hours. */
import { daysBetween, daysOf } from '../../contracts/calendar.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { SystemFacts, Place } from '../../contracts/systems.ts';
import type { Month } from '../../contracts/months.ts';
import { zoneClock } from '../../contracts/zone-clock.ts';

export interface HourTrips {
  /** Date as `YYYY-MM-DD`. */
  readonly date: string;
  /** Hour of the day, 0 to 23. */
  readonly hour: number;
  readonly trips: number;
}

/** Returns every (date, hour) of the month in local time, in order: 24 per day, without the hours that the clock skips. */
export function hoursOfMonth(
  month: Month,
  { timeZone }: Pick<Place, 'timeZone'>,
): { date: string; hour: number }[] {
  const { firstDay, lastDay } = daysOf({ from: month, to: month });
  const skipped = new Set(zoneClock(timeZone).skippedIn(yearOfMonth(month)).map(keyOf));
  return daysBetween(firstDay, lastDay).flatMap((date) =>
    Array.from({ length: 24 }, (_, hour) => ({ date, hour })).filter((hour) => !skipped.has(keyOf(hour))),
  );
}

export interface GatedHours {
  /** One row per hour of the month, in order. */
  readonly hours: HourTrips[];
  /** Number of hours without a ride, set to 0 where the system's `emptyHour` is `zero`. */
  readonly zeroFilled: number;
  /** The hour that the clock repeats, which contains the rides of both passes, such as `2024-11-03T01`, if it is in the month. */
  readonly doubledHour: string | null;
}

/**
 * Completes a month. In a large system every hour has rides, so an hour without any means missing data. In a small one it is a real
 * zero. The fact `emptyHour` decides.
 * @param counted hours of the month with at least one trip, each once.
 * @throws CitibikeError QUALITY_GATE naming missing hours or impossible hours.
 */
export function gateHours(
  facts: Pick<SystemFacts, 'id' | 'name' | 'trips' | 'timeZone'>,
  month: Month,
  counted: readonly HourTrips[],
): GatedHours {
  const { id: system, name, trips } = facts;
  const byHour = new Map(counted.map((row) => [keyOf(row), row.trips]));
  if (byHour.size !== counted.length)
    throw new CitibikeError(
      'QUALITY_GATE',
      `${system} ${month}: an hour occurs twice, expected one row per hour. Check the source's files of this month.`,
      { system, month },
    );
  const existing = hoursOfMonth(month, facts);
  const known = new Set(existing.map(keyOf));
  const impossible = [...byHour.keys()].filter((key) => !known.has(key));
  if (impossible.length > 0) {
    throw new CitibikeError(
      'QUALITY_GATE',
      `${system} ${month}: rides in hours that ${facts.timeZone} does not have in this month: ${namesOf(impossible)}. ` +
        `Times must be local times of ${name}: check timeZone in the system's file.`,
      { system, month, hours: impossible.slice(0, 24) },
    );
  }
  const missing = existing.map(keyOf).filter((key) => !byHour.has(key));
  if (missing.length > 0 && (trips.emptyHour === 'missing' || counted.length === 0)) {
    throw new CitibikeError(
      'QUALITY_GATE',
      `${system} ${month}: no rides in ${missing.length} of ${existing.length} hours: ${namesOf(missing)}. ` +
        "The source is incomplete: check the source's files of this month.",
      { system, month, missing: missing.length, hours: missing.slice(0, 24) },
    );
  }
  return {
    hours: existing.map((hour) => ({ ...hour, trips: byHour.get(keyOf(hour)) ?? 0 })),
    zeroFilled: missing.length,
    doubledHour: doubledHourOf(month, facts),
  };
}

function doubledHourOf(month: Month, { timeZone }: Pick<Place, 'timeZone'>): string | null {
  const repeated = zoneClock(timeZone).repeatedIn(yearOfMonth(month)).map(keyOf);
  return repeated.find((key) => key.startsWith(month)) ?? null;
}

function yearOfMonth(month: Month): number {
  return Number(month.slice(0, 4));
}

function keyOf({ date, hour }: { readonly date: string; readonly hour: number }): string {
  return `${date}T${String(hour).padStart(2, '0')}`;
}

function namesOf(keys: readonly string[]): string {
  return keys.length <= 5 ? keys.join(', ') : `${keys.slice(0, 5).join(', ')} and ${keys.length - 5} more`;
}
