/** Counts the values of each column in bins that reference, current and its weeks share, for charts. */
import { rowsByWeek } from '../rows-by-week.ts';
import type { Column, Table } from '../evidently/drift-table.ts';

/** Maximum number of bins. More distinct values are counted in this many bins of equal width. */
export const MOST_BINS = 20;

export interface ColumnHistogram {
  /** Label of each bin. A bin of one value or category has it as its label. */
  readonly bins: readonly (readonly [low: number, high: number] | readonly [value: number | string])[];
  /** Number of values in each bin. Missing and infinite values are not counted. */
  readonly reference: readonly number[];
  readonly current: readonly number[];
  /** Counts of current by ISO week (`2025-W01`). */
  readonly weeks: Readonly<Record<string, readonly number[]>>;
}

/** @param dates dates of the rows of current, `YYYY-MM-DD`. */
export function histogramsOf(
  reference: Table,
  current: Table,
  dates: readonly string[],
): Record<string, ColumnHistogram> {
  const weeks = rowsByWeek(dates);
  const histograms: Record<string, ColumnHistogram> = {};
  for (const [name, column] of current.columns) {
    const before = reference.columns.get(name);
    if (!before) continue;
    const { bins, binOf } = binsOf(valuesOf(before), valuesOf(column));
    const placed = valuesOf(column).map(binOf);
    const count = (places: readonly number[]) => {
      const counts = new Array<number>(bins.length).fill(0);
      for (const place of places) if (place >= 0) counts[place]! += 1;
      return counts;
    };
    histograms[name] = {
      bins,
      reference: count(valuesOf(before).map(binOf)),
      current: count(placed),
      weeks: Object.fromEntries(
        weeks.map(({ week, rows }) => [week, count(rows.map((row) => placed[row]!))]),
      ),
    };
  }
  return histograms;
}

type Value = number | string | null;

function valuesOf(column: Column): readonly Value[] {
  if (column.type === 'cat') return column.values;
  return Array.from(column.values, (value) => (Number.isFinite(value) ? value : null));
}

function binsOf(...sides: readonly (readonly Value[])[]): {
  bins: ColumnHistogram['bins'];
  binOf: (value: Value) => number;
} {
  const distinct = new Set(sides.flat().filter((value) => value !== null));
  const numbers = [...distinct].filter((value) => typeof value === 'number');
  if (distinct.size <= MOST_BINS || numbers.length < distinct.size) {
    const sorted = [...distinct].sort((a, b) => (a < b ? -1 : 1));
    const places = new Map(sorted.map((value, place) => [value, place]));
    return {
      bins: sorted.map((value) => [value] as const),
      binOf: (value) => (value === null ? -1 : places.get(value)!),
    };
  }
  const low = numbers.reduce((a, b) => Math.min(a, b));
  const width = (numbers.reduce((a, b) => Math.max(a, b)) - low) / MOST_BINS;
  return {
    bins: Array.from({ length: MOST_BINS }, (_, i) => [low + i * width, low + (i + 1) * width] as const),
    // The last bin includes the highest value.
    binOf: (value) =>
      typeof value === 'number' ? Math.min(MOST_BINS - 1, Math.floor((value - low) / width)) : -1,
  };
}
