/** Measures a month from its hours and, if there are any, from its archives. */
import type { ArchiveFacts, HourRow, IrregularRows } from '../../contracts/hours.ts';
import type { Month } from '../../contracts/months.ts';
import type { Place } from '../../contracts/systems.ts';
import { hoursOfMonth } from '../ingest/gate-hours.ts';
import { correlation, profileColumn, type ColumnProfile } from './column-profile.ts';

/** Holds the measured columns of the hours. `holiday` comes from the calendar, so it is not among them. */
export const MEASURED_COLUMNS = [
  'trips',
  'member',
  'casual',
  'electric',
  'classic',
  'mean_minutes',
] as const satisfies readonly (keyof HourRow)[];
type MeasuredColumn = (typeof MEASURED_COLUMNS)[number];

/** Lists the quantiles in `ArchiveFacts.minutes`. */
export const MINUTES_QUANTILES = ['minimum', '5 %', '25 %', '50 %', '75 %', '95 %', 'maximum'] as const;
export const MEDIAN_INDEX = 3;

/** Limits the number of hours that a report names. Their count is exact. */
const NAMED_HOURS = 24;

/** Represents sums over the archives of a month. */
export interface ArchiveMeasures {
  readonly rows: number;
  readonly kept: number;
  readonly rejected: ArchiveFacts['rejected'];
  readonly duplicates: number;
  readonly identicalLegacyRows: number;
  readonly missingStartStation: number;
  readonly missingEndStation: number;
  /** Null if an earlier version, which did not count them, read an archive. */
  readonly irregular: IrregularRows | null;
  readonly memberTypes: Readonly<Record<string, number>>;
  readonly bikeTypes: Readonly<Record<string, number>>;
  readonly csvs: ArchiveFacts['csvs'];
  /** Quantiles of the duration in minutes. Null for several archives, whose quantiles cannot be combined. */
  readonly minutes: readonly number[] | null;
  readonly firstStart: string | null;
  readonly lastStart: string | null;
}

interface HourMeasures {
  /** Number of hours of the month in local time. */
  readonly expected: number;
  readonly present: number;
  readonly missing: number;
  /** Names of the first missing hours, such as `2024-03-05T07`. */
  readonly missingNamed: readonly string[];
  /** Rows outside the month, or in the hour that the spring change skips. */
  readonly impossible: number;
  /** Rows whose hour already has a row. */
  readonly repeated: number;
  readonly zero: number;
  /** Longest run of hours without a trip. */
  readonly longestZeroRun: number;
}

export interface MonthMeasures {
  readonly month: Month;
  /** Null for months made from processed hours. */
  readonly archives: ArchiveMeasures | null;
  /** Null if only archives were read. */
  readonly trips: number | null;
  readonly hours: HourMeasures | null;
  /** Mean over all rides with a duration, or null if unknown. */
  readonly meanMinutes: number | null;
  readonly columns: Readonly<Record<MeasuredColumn, ColumnProfile | null>>;
  /** Pearson's r of each pair of columns, such as `trips~member`. Null if one of them is constant. */
  readonly correlations: Readonly<Record<string, number | null>>;
  /** Pairs of columns that are equal in every hour. */
  readonly equalColumns: readonly string[];
  /** Hours in which member + casual, or electric + classic, exceeds all trips. */
  readonly partsAboveTotal: number;
  readonly daily: readonly { readonly date: string; readonly trips: number }[];
  /** Mean trips at each hour of the day, 0 to 23. */
  readonly byHourOfDay: readonly number[];
}

/**
 * Measures a month.
 * @param place whose clock decides which hours the month has.
 * @param hours rows of the month, or an empty list if only its archives are known.
 * @param archives facts about the archives of the month, or an empty list for processed hours.
 */
export function measureMonth(
  place: Pick<Place, 'timeZone'>,
  month: Month,
  hours: readonly HourRow[],
  archives: readonly ArchiveFacts[],
): MonthMeasures {
  const known = hours.length > 0;
  const cells = (column: MeasuredColumn) => hours.map((row) => row[column]);
  const perColumn = Object.fromEntries(
    MEASURED_COLUMNS.map((column) => [column, profileColumn(owedCells(hours, column))]),
  ) as Record<MeasuredColumn, ColumnProfile | null>;
  const pairs = MEASURED_COLUMNS.flatMap((a, i) => MEASURED_COLUMNS.slice(i + 1).map((b) => [a, b] as const));
  return {
    month,
    archives: archives.length > 0 ? sumArchives(archives) : null,
    trips: known ? hours.reduce((total, row) => total + row.trips, 0) : null,
    hours: known ? measureHours(month, hours, place) : null,
    meanMinutes: meanMinutesOf(hours),
    columns: perColumn,
    correlations: Object.fromEntries(
      pairs.map(([a, b]) => [`${a}~${b}`, rounded(correlation(cells(a), cells(b)))]),
    ),
    equalColumns: pairs
      .filter(([a, b]) => perColumn[a] && perColumn[b] && hours.every((row) => row[a] === row[b]))
      .map(([a, b]) => `${a} = ${b}`),
    partsAboveTotal: hours.filter(
      ({ trips, member, casual, electric, classic }) =>
        (member ?? 0) + (casual ?? 0) > trips || (electric ?? 0) + (classic ?? 0) > trips,
    ).length,
    daily: dailyTrips(hours),
    byHourOfDay: known ? meanByHourOfDay(hours) : [],
  };
}

/** Ignores hours without a trip, which have neither kinds of trips nor a mean duration. */
function owedCells(hours: readonly HourRow[], column: MeasuredColumn): (number | null)[] {
  return hours.filter((row) => row.trips > 0 || row[column] !== null).map((row) => row[column]);
}

function sumArchives(archives: readonly ArchiveFacts[]): ArchiveMeasures {
  const sum = (pick: (facts: ArchiveFacts) => number) =>
    archives.reduce((total, facts) => total + pick(facts), 0);
  return {
    rows: sum((facts) => facts.rows),
    kept: sum((facts) => facts.kept),
    rejected: {
      unparsable_start: sum((facts) => facts.rejected.unparsable_start),
      unparsable_end: sum((facts) => facts.rejected.unparsable_end),
      not_positive: sum((facts) => facts.rejected.not_positive),
      too_long: sum((facts) => facts.rejected.too_long),
    },
    duplicates: sum((facts) => facts.duplicates),
    identicalLegacyRows: sum((facts) => facts.identicalLegacyRows),
    missingStartStation: sum((facts) => facts.missingStartStation),
    missingEndStation: sum((facts) => facts.missingEndStation),
    irregular: sumIrregular(archives.map((facts) => facts.irregular)),
    memberTypes: sumCounts(archives.map((facts) => facts.memberTypes)),
    bikeTypes: sumCounts(archives.map((facts) => facts.bikeTypes)),
    csvs: archives.flatMap((facts) => facts.csvs),
    minutes: archives.length === 1 ? archives[0]!.minutes : null,
    firstStart:
      archives
        .map((facts) => facts.firstStart)
        .filter(isText)
        .sort()[0] ?? null,
    lastStart:
      archives
        .map((facts) => facts.lastStart)
        .filter(isText)
        .sort()
        .at(-1) ?? null,
  };
}

function sumIrregular(counts: readonly (IrregularRows | undefined)[]): IrregularRows | null {
  const known = counts.filter((each) => each !== undefined);
  if (known.length < counts.length) return null;
  const sum = (rule: keyof IrregularRows) => known.reduce((total, each) => total + each[rule], 0);
  return {
    under_a_minute: sum('under_a_minute'),
    ends_before_start: sum('ends_before_start'),
    over_a_day: sum('over_a_day'),
    name_without_id: sum('name_without_id'),
    stations_with_two_names: sum('stations_with_two_names'),
  };
}

function isText(value: string | null): value is string {
  return value !== null;
}

/** Sorts by name, so that the same counts give the same bytes. */
function sumCounts(lists: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const [name, count] of lists.flatMap((list) => Object.entries(list)))
    sums.set(name, (sums.get(name) ?? 0) + count);
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function measureHours(month: Month, hours: readonly HourRow[], place: Pick<Place, 'timeZone'>): HourMeasures {
  const byKey = Map.groupBy(hours, keyOf);
  const expected = hoursOfMonth(month, place).map(keyOf);
  const known = new Set(expected);
  const missing = expected.filter((key) => !byKey.has(key));
  let longest = 0;
  let run = 0;
  for (const key of expected) {
    const trips = (byKey.get(key) ?? []).reduce((total, row) => total + row.trips, 0);
    run = trips === 0 ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return {
    expected: expected.length,
    present: expected.length - missing.length,
    missing: missing.length,
    missingNamed: missing.slice(0, NAMED_HOURS),
    impossible: hours.filter((row) => !known.has(keyOf(row))).length,
    repeated: hours.length - byKey.size,
    zero: hours.filter((row) => row.trips === 0).length,
    longestZeroRun: longest,
  };
}

function keyOf({ date, hour }: { readonly date: string; readonly hour: number }): string {
  return `${date}T${String(hour).padStart(2, '0')}`;
}

/** Weights hours by their trips, which gives the mean over rides instead of hours. */
function meanMinutesOf(hours: readonly HourRow[]): number | null {
  const timed = hours.filter((row) => row.mean_minutes !== null && row.trips > 0);
  const rides = timed.reduce((total, row) => total + row.trips, 0);
  if (rides === 0) return null;
  return timed.reduce((total, row) => total + row.trips * (row.mean_minutes ?? 0), 0) / rides;
}

function dailyTrips(hours: readonly HourRow[]): { date: string; trips: number }[] {
  const sums = new Map<string, number>();
  for (const { date, trips } of hours) sums.set(date, (sums.get(date) ?? 0) + trips);
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([date, trips]) => ({ date, trips }));
}

function meanByHourOfDay(hours: readonly HourRow[]): number[] {
  return Array.from({ length: 24 }, (_, hour) => {
    const rows = hours.filter((row) => row.hour === hour);
    return rows.reduce((total, row) => total + row.trips, 0) / Math.max(1, rows.length);
  });
}

/** Rounds to six digits, because further digits of a correlation are noise. */
function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toFixed(6));
}
