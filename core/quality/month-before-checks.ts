/** Defines the checks that compare a month with the month before. */
import type { MONTH_BEFORE_CHECK_NAMES } from '../../contracts/quality-checks.ts';
import { categoriesOf, largestShift } from './categories.ts';
import { check, rejectedOf, shareOf, type Check, type CheckContext, type Measured } from './check.ts';
import { largest } from './largest.ts';
import { MEDIAN_INDEX, type MonthMeasures } from './measures.ts';

export const MONTH_BEFORE_CHECKS = {
  trips_change: check('trips, relative to the month before', 'ratio', ({ current, previous }) =>
    changeOf(current, previous, tripsOf),
  ),
  rejected_share_change: check('share rejected, minus that of the month before', 'share', (context) => {
    const [now, before] = bothShares(context);
    return now === undefined || before === undefined ? undefined : { value: now - before };
  }),
  mean_minutes_change: check('mean duration, relative to the month before', 'ratio', (context) =>
    changeOf(context.current, context.previous, ({ meanMinutes }) => meanMinutes),
  ),
  median_minutes_change: check('median duration, relative to the month before', 'ratio', (context) =>
    changeOf(context.current, context.previous, ({ archives }) => archives?.minutes?.[MEDIAN_INDEX]),
  ),
  mean_trips_sigmas: check(
    "change of mean trips per hour, in the month before's standard deviations",
    'sd',
    (context) => {
      const [now, before] = [context.current.columns.trips, context.previous?.columns.trips];
      return now && before && before.std > 0 ? { value: (now.mean - before.mean) / before.std } : undefined;
    },
  ),
  new_categories: check('member and bike types that are missing in the month before', 'count', (context) =>
    categoriesOf(context, (now, before) => now.filter((name) => !before.includes(name))),
  ),
  vanished_categories: check('member and bike types that only the month before had', 'count', (context) =>
    categoriesOf(context, (now, before) => before.filter((name) => !now.includes(name))),
  ),
  largest_category_shift: check('largest change of a type’s share of the rows', 'share', largestShift),
  schema_changes: check(
    'new headers since the month before, or several headers in the month',
    'count',
    headerChanges,
  ),
  correlation_change: check(
    'largest change of a correlation between two columns',
    'ratio',
    correlationChange,
  ),
} as const satisfies Record<(typeof MONTH_BEFORE_CHECK_NAMES)[number], Check>;

function bothShares({ current, previous }: CheckContext): readonly [number | undefined, number | undefined] {
  return [shareOf(current, rejectedOf)?.value, previous ? shareOf(previous, rejectedOf)?.value : undefined];
}

/** Returns the kept rides of the archives if both months have archives, because hours also contain strays of neighbours. */
function tripsOf(measures: MonthMeasures, other: MonthMeasures): number | null {
  return measures.archives && other.archives ? measures.archives.kept : measures.trips;
}

function changeOf(
  current: MonthMeasures,
  previous: MonthMeasures | null,
  pick: (measures: MonthMeasures, other: MonthMeasures) => number | null | undefined,
): Measured {
  if (!previous) return undefined;
  const [now, before] = [pick(current, previous), pick(previous, current)];
  return typeof now === 'number' && typeof before === 'number' && before > 0
    ? { value: now / before - 1, detail: `${round(now)} after ${round(before)}` }
    : undefined;
}

function round(value: number): number {
  return Number(value.toFixed(2));
}

function correlationChange({ current, previous }: CheckContext): Measured {
  if (!previous) return undefined;
  const changes = Object.entries(current.correlations).flatMap(([pair, now]) => {
    const before = previous.correlations[pair] ?? null;
    return now === null || before === null ? [] : [[pair, Math.abs(now - before)] as const];
  });
  return largest(changes);
}

/** Normalises the names of a header. It ignores quotes and order. */
function headerKey(header: string): string {
  return header
    .replaceAll('"', '')
    .split(',')
    .map((name) => name.trim())
    .sort()
    .join(',');
}

function headerChanges({ current, previous }: CheckContext): Measured {
  const { archives } = current;
  if (!archives) return undefined;
  const now = [...new Set(archives.csvs.map(({ header }) => headerKey(header)))];
  const before = previous?.archives?.csvs.map(({ header }) => headerKey(header));
  const foreign = before ? now.filter((header) => !before.includes(header)).length : now.length - 1;
  if (!before || foreign === 0) return { value: foreign };
  const columns = (keys: readonly string[]) => [...new Set(keys.flatMap((key) => key.split(',')))];
  const [nowColumns, beforeColumns] = [columns(now), columns(before)];
  const added = nowColumns.filter((name) => !beforeColumns.includes(name));
  const gone = beforeColumns.filter((name) => !nowColumns.includes(name));
  return { value: foreign, detail: `new: ${added.join(', ') || 'none'}; gone: ${gone.join(', ') || 'none'}` };
}
