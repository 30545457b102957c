/** Counts the values of each column in bins that reference, current and its weeks share, for charts. */
import { cyclesAmong } from '../../../contracts/drift-reading.ts';
import { rowsByWeek } from '../rows-by-week.ts';
import type { Column, Table } from '../evidently/drift-table.ts';
import { CYCLE_STEPS } from './cycle-steps.ts';

/** Limits the number of bins that are aimed at. Their edges are round. */
export const MOST_BINS = 20;
/** Numbers with at most this many distinct values have one bin per value, as do few integers. */
const FEW_VALUES = 5;

export interface ColumnHistogram {
  /** Label of each bin. A bin of one value or category has it as its label. */
  readonly bins: readonly (readonly [low: number, high: number] | readonly [value: number | string])[];
  /** Number of values in each bin. Missing and infinite values are not counted. */
  readonly reference: readonly number[];
  readonly current: readonly number[];
  /** Counts of current by ISO week (`2025-W01`). */
  readonly weeks: Readonly<Record<string, readonly number[]>>;
}

/**
 * Counts the columns that both tables have, and the cycles that they have as sine and cosine: hour, weekday, week and month.
 * @param dates dates of the rows of current, `YYYY-MM-DD`.
 */
export function histogramsOf(
  reference: Table,
  current: Table,
  dates: readonly string[],
): Record<string, ColumnHistogram> {
  const weeks = rowsByWeek(dates);
  const histogram = (before: readonly Value[], after: readonly Value[], { bins, binOf }: Bins) => {
    const placed = after.map(binOf);
    const count = (places: readonly number[]) => {
      const counts = new Array<number>(bins.length).fill(0);
      for (const place of places) if (place >= 0) counts[place]! += 1;
      return counts;
    };
    return {
      bins,
      reference: count(before.map(binOf)),
      current: count(placed),
      weeks: Object.fromEntries(
        weeks.map(({ week, rows }) => [week, count(rows.map((row) => placed[row]!))]),
      ),
    };
  };
  const histograms: Record<string, ColumnHistogram> = {};
  for (const [name, column] of current.columns) {
    const other = reference.columns.get(name);
    if (!other) continue;
    const [before, after] = [valuesOf(other), valuesOf(column)];
    histograms[name] = histogram(before, after, binsOf(before, after));
  }
  for (const { name, sine, cosine } of cyclesAmong(Object.keys(histograms))) {
    const steps = CYCLE_STEPS[name];
    if (!steps) continue;
    const valuesIn = ({ columns }: Table) => steps.valuesOf(columns.get(sine)!, columns.get(cosine)!);
    const [before, after] = [valuesIn(reference), valuesIn(current)];
    const occurring = new Set([...before, ...after]);
    const bins = singleBins(steps.labels.filter((label) => occurring.has(label)));
    histograms[name] = histogram(before, after, bins);
  }
  return histograms;
}

type Value = number | string | null;

function valuesOf(column: Column): readonly Value[] {
  if (column.type === 'cat') return column.values;
  return Array.from(column.values, (value) => (Number.isFinite(value) ? value : null));
}

interface Bins {
  readonly bins: ColumnHistogram['bins'];
  /** Returns the place of a value, or -1 for a missing one. */
  readonly binOf: (value: Value) => number;
}

function binsOf(...sides: readonly (readonly Value[])[]): Bins {
  const distinct = new Set(sides.flat().filter((value) => value !== null));
  const numbers = [...distinct].filter((value) => typeof value === 'number');
  const low = numbers.reduce((a, b) => Math.min(a, b), Infinity);
  const high = numbers.reduce((a, b) => Math.max(a, b), -Infinity);
  const isCounted = numbers.every(Number.isInteger) && high - low < MOST_BINS;
  if (numbers.length < distinct.size || distinct.size <= FEW_VALUES || isCounted)
    return singleBins([...distinct].sort((a, b) => (a < b ? -1 : 1)));
  const width = roundWidth((high - low) / (MOST_BINS - 1));
  const first = Math.floor(low / width);
  const count = Math.floor(high / width) - first + 1;
  // Binary numbers cannot represent 0.1, so multiples of the width are rounded.
  const edge = (i: number) => Number(((first + i) * width).toPrecision(12));
  return {
    bins: Array.from({ length: count }, (_, i) => [edge(i), edge(i + 1)] as const),
    binOf: (value) =>
      typeof value === 'number' ? Math.min(count - 1, Math.max(0, Math.floor(value / width) - first)) : -1,
  };
}

/** Returns one bin per value, in the given order. */
function singleBins(values: readonly (number | string)[]): Bins {
  const places = new Map(values.map((value, place) => [value, place]));
  return {
    bins: values.map((value) => [value] as const),
    binOf: (value) => (value === null ? -1 : places.get(value)!),
  };
}

/** Returns the least width of 1, 2 or 5 times a power of ten that is not below `least`. */
function roundWidth(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5].find((each) => each * power >= least) ?? 10;
  return power < 1 ? factor / Math.round(1 / power) : factor * power;
}
