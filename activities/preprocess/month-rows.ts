/** Builds the rows of a month data set, with one row per hour that exists. */
import type { HourCount } from '../../adapters/tables/hourly-files.ts';
import { meanMinutes, type ArchiveHour } from '../../adapters/rides/archive-hours.ts';
import type { HourRow } from '../../contracts/hours.ts';
import type { Month } from '../../contracts/months.ts';
import { epochDayOf } from '../../contracts/calendar.ts';
import type { Place, SystemFacts } from '../../contracts/systems.ts';
import { isHoliday } from '../../core/features/holidays.ts';
import { gateHours, type GatedHours } from '../../core/ingest/gate-hours.ts';

export interface MonthRows {
  readonly rows: readonly HourRow[];
  readonly trips: number;
  readonly zeroFilled: number;
  readonly doubledHour: string | null;
}

/**
 * Returns the rows of all hours of a month.
 * @param parts hours counted from rides.
 * @param processed hours from hourly files, which have only trips.
 * @throws CitibikeError QUALITY_GATE by `gateHours`.
 */
export function monthRows(
  facts: SystemFacts,
  month: Month,
  parts: readonly ArchiveHour[],
  processed: readonly HourCount[],
): MonthRows {
  const counted = countedRows(facts, parts, processed);
  const gated = gateHours(facts, month, counted);
  return { ...gated, ...completed(gated, counted, facts) };
}

/** Returns only the counted hours, for a month without an archive of its own. */
export function countedRows(
  place: Place,
  parts: readonly ArchiveHour[],
  processed: readonly HourCount[] = [],
): HourRow[] {
  const rows = new Map(parts.map((part) => [keyOf(part), rowOf(part, place)]));
  for (const hour of processed) {
    const trips = hour.trips + (rows.get(keyOf(hour))?.trips ?? 0);
    rows.set(keyOf(hour), { ...UNKNOWN, ...hour, trips, holiday: holidayOf(hour.date, place) });
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

const UNKNOWN = { member: null, casual: null, electric: null, classic: null, mean_minutes: null } as const;

function rowOf(
  { date, hour, trips, member, casual, electric, classic, ...durations }: ArchiveHour,
  place: Place,
): HourRow {
  const holiday = holidayOf(date, place);
  return {
    date,
    hour,
    trips,
    holiday,
    member,
    casual,
    electric,
    classic,
    mean_minutes: meanMinutes(durations),
  };
}

function completed(
  { hours }: GatedHours,
  counted: readonly HourRow[],
  place: Place,
): { rows: HourRow[]; trips: number } {
  const byKey = new Map(counted.map((row) => [keyOf(row), row]));
  // An hour without rides has 0 rides of each known kind.
  const none = (name: 'member' | 'casual' | 'electric' | 'classic') =>
    counted.every((row) => row[name] === null) ? null : 0;
  const empty = {
    trips: 0,
    member: none('member'),
    casual: none('casual'),
    electric: none('electric'),
    classic: none('classic'),
    mean_minutes: null,
  };
  const rows = hours.map(
    ({ date, hour }) =>
      byKey.get(keyOf({ date, hour })) ?? { ...empty, date, hour, holiday: holidayOf(date, place) },
  );
  return { rows, trips: rows.reduce((sum, row) => sum + row.trips, 0) };
}

function holidayOf(date: string, { holidays }: Place): number {
  return isHoliday(holidays, epochDayOf(date)) ? 1 : 0;
}

function keyOf({ date, hour }: { readonly date: string; readonly hour: number }): string {
  return `${date}T${String(hour).padStart(2, '0')}`;
}
