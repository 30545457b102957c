/** Hours of New York wall clock that exist, and the gate that a month's hours must pass. */
import { daysBetween, daysOf, fallBackDay, springForwardDay } from '../../contracts/calendar.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { System } from '../../contracts/options.ts';
import type { Month } from '../../contracts/months.ts';

export interface HourTrips {
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** 0..23 */
  readonly hour: number;
  readonly trips: number;
}

/** Every (date, hour) of the month that the clock shows, in order: 743 in March, otherwise 24 a day. */
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
  /** One row for every hour of the month that exists, in order. */
  readonly hours: HourTrips[];
  /** Hours without a ride, set to 0 (jc only). */
  readonly zeroFilled: number;
  /** The 01:00 that holds both hours of the autumn change, where the month has it: `2024-11-03T01`. */
  readonly doubledHour: string | null;
}

/**
 * Completes a month. nyc has rides in every hour, so a missing one is missing data; in jc nights without a ride are real zeros.
 * @param counted hours with at least one trip, within the month, each once.
 * @throws CitibikeError QUALITY_GATE naming the hours that are missing (nyc), or that do not exist.
 */
export function gateHours(system: System, month: Month, counted: readonly HourTrips[]): GatedHours {
  const byHour = new Map(counted.map((row) => [keyOf(row), row.trips]));
  if (byHour.size !== counted.length)
    throw new CitibikeError('QUALITY_GATE', `${system} ${month}: an hour comes twice`, { system, month });
  const existing = hoursOfMonth(month);
  const known = new Set(existing.map(keyOf));
  const impossible = [...byHour.keys()].filter((key) => !known.has(key));
  if (impossible.length > 0) {
    throw new CitibikeError(
      'QUALITY_GATE',
      `${system} ${month}: rides in hours that do not exist there: ${namesOf(impossible)}. Times must be New York local time.`,
      { system, month, hours: impossible.slice(0, 24) },
    );
  }
  const missing = existing.map(keyOf).filter((key) => !byHour.has(key));
  if (missing.length > 0 && (system === 'nyc' || counted.length === 0)) {
    throw new CitibikeError(
      'QUALITY_GATE',
      `${system} ${month}: no rides in ${missing.length} of ${existing.length} hours: ${namesOf(missing)}. ` +
        'The source is incomplete: check its files of this month.',
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
