/** Completes the hours of a month in New York local time, and rejects months with missing or impossible hours. */
import { daysBetween, daysOf, fallBackDay, springForwardDay } from '../../contracts/calendar.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { SystemFacts } from '../../contracts/systems.ts';
import type { Month } from '../../contracts/months.ts';

export interface HourTrips {
  /** Date as `YYYY-MM-DD`. */
  readonly date: string;
  /** Hour of the day, 0 to 23. */
  readonly hour: number;
  readonly trips: number;
}

/** Returns every (date, hour) of the month in local time, in order: 743 in March, otherwise 24 per day. */
export function hoursOfMonth(month: Month): { date: string; hour: number }[] {
  const { firstDay, lastDay } = daysOf({ from: month, to: month });
  const gap = springForwardDay(Number(month.slice(0, 4)));
  return daysBetween(firstDay, lastDay).flatMap((date) =>
    Array.from({ length: 24 }, (_, hour) => ({ date, hour })).filter(
      ({ hour }) => !(date === gap && hour === 2),
    ),
  );
}

export interface GatedHours {
  /** One row per hour of the month, in order. */
  readonly hours: HourTrips[];
  /** Number of hours without a ride, set to 0 where the system's `emptyHour` is `zero`. */
  readonly zeroFilled: number;
  /** The 01:00 that contains both hours of the autumn change, such as `2024-11-03T01`, if it is in the month. */
  readonly doubledHour: string | null;
}

/**
 * Completes a month. In a large system every hour has rides, so an hour without any means missing data. In a small one it is a real
 * zero. The fact `emptyHour` decides.
 * @param counted hours of the month with at least one trip, each once.
 * @throws CitibikeError QUALITY_GATE naming missing hours or impossible hours.
 */
export function gateHours(
  { id: system, name, trips }: Pick<SystemFacts, 'id' | 'name' | 'trips'>,
  month: Month,
  counted: readonly HourTrips[],
): GatedHours {
  const byHour = new Map(counted.map((row) => [keyOf(row), row.trips]));
  if (byHour.size !== counted.length)
    throw new CitibikeError(
      'QUALITY_GATE',
      `${system} ${month}: an hour occurs twice, expected one row per hour. Check the source's files of this month.`,
      { system, month },
    );
  const existing = hoursOfMonth(month);
  const known = new Set(existing.map(keyOf));
  const impossible = [...byHour.keys()].filter((key) => !known.has(key));
  if (impossible.length > 0) {
    throw new CitibikeError(
      'QUALITY_GATE',
      `${system} ${month}: rides in hours that are not in this month: ${namesOf(impossible)}. Times must be local times of ${name}.`,
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
  const doubled = fallBackDay(Number(month.slice(0, 4)));
  return {
    hours: existing.map((hour) => ({ ...hour, trips: byHour.get(keyOf(hour)) ?? 0 })),
    zeroFilled: missing.length,
    doubledHour: doubled.startsWith(month) ? `${doubled}T01` : null,
  };
}

function keyOf({ date, hour }: { readonly date: string; readonly hour: number }): string {
  return `${date}T${String(hour).padStart(2, '0')}`;
}

function namesOf(keys: readonly string[]): string {
  return keys.length <= 5 ? keys.join(', ') : `${keys.slice(0, 5).join(', ')} and ${keys.length - 5} more`;
}
