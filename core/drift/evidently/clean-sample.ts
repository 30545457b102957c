/** Cleans a column, and caches the statistics that the tests need. */
import { mean, standardDeviation } from './moments.ts';
import { finiteOf, sortedFinite } from './sorted-finite.ts';
import type { Category, CategoricalColumn, Column, NumericColumn } from './drift-table.ts';

interface Sample {
  readonly type: Column['type'];
  /** Number of values without missing and infinite ones. */
  readonly size: number;
  /** Count of each distinct value, with keys in ascending order. */
  readonly counts: ReadonlyMap<Category, number>;
  readonly distinct: number;
}

export class NumericSample implements Sample {
  readonly type = 'num';
  /** Values in ascending order. */
  readonly sorted: Float64Array;
  readonly #values: Float64Array;
  #counts: ReadonlyMap<Category, number> | undefined;
  #distinct: number | undefined;
  #deviation: number | undefined;
  #integers: boolean | undefined;

  constructor({ values, sorted }: NumericColumn) {
    this.#values = values;
    this.sorted = sorted ?? sortedFinite(values);
  }

  /** Returns the remaining values in the order of rows. */
  inOrder(): Float64Array {
    return finiteOf(this.#values);
  }

  /** Tells whether pandas would store the column as integers: no fractions and no missing values. */
  get integers(): boolean {
    return (this.#integers ??=
      this.size === this.#values.length && this.sorted.every((value) => Number.isInteger(value)));
  }

  /** Returns the standard deviation of the population (ddof 0), or NaN if empty. */
  get deviation(): number {
    return (this.#deviation ??= standardDeviation(this.sorted, mean(this.sorted), 0));
  }

  get size(): number {
    return this.sorted.length;
  }

  get distinct(): number {
    return (this.#distinct ??= countDistinct(this.sorted));
  }

  get counts(): ReadonlyMap<Category, number> {
    return (this.#counts ??= countRuns(this.sorted));
  }
}

export class CategoricalSample implements Sample {
  readonly type = 'cat';
  readonly size: number;
  readonly counts: ReadonlyMap<Category, number>;
  readonly #column: CategoricalColumn;

  constructor(column: CategoricalColumn) {
    this.#column = column;
    const { codes, categories } = column;
    const counts = codes && categories ? countCodes(codes, categories) : countValues(column.values);
    this.size = counts.reduce((sum, [, count]) => sum + count, 0);
    this.counts = new Map(counts.sort(([a], [b]) => compareCategories(a, b)));
  }

  get distinct(): number {
    return this.counts.size;
  }

  /** Returns the remaining values in the order of rows. */
  inOrder(): Category[] {
    return this.#column.values.filter((value) => !isMissing(value));
  }
}

type Counts = [Category, number][];

function countValues(values: CategoricalColumn['values']): Counts {
  const counts = new Map<Category, number>();
  for (const value of values) if (!isMissing(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts];
}

function countCodes(codes: Int32Array, categories: readonly Category[]): Counts {
  const counts = new Int32Array(categories.length);
  for (let row = 0; row < codes.length; row++) if (codes[row]! >= 0) counts[codes[row]!]! += 1;
  const all = categories.map((category, code): [Category, number] => [category, counts[code]!]);
  return all.filter(([category, count]) => count > 0 && !isMissing(category));
}

function isMissing(value: Category | null): value is null {
  return value === null || (typeof value === 'number' && !Number.isFinite(value));
}

export type CleanSample = NumericSample | CategoricalSample;

export function sampleOf(column: NumericColumn): NumericSample;
export function sampleOf(column: Column): CleanSample;
export function sampleOf(column: Column): CleanSample {
  return column.type === 'num' ? new NumericSample(column) : new CategoricalSample(column);
}

/** Sorts numbers before strings, each in ascending order. */
export function compareCategories(a: Category, b: Category): number {
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Counts distinct values of both samples together, up to `most` + 1. */
export function distinctTogether(a: CleanSample, b: CleanSample, most: number): number {
  if (a.type === 'num' && b.type === 'num') return countDistinctMerged(a.sorted, b.sorted, most);
  let count = a.distinct;
  for (const key of b.counts.keys()) if (!a.counts.has(key)) count += 1;
  return Math.min(count, most + 1);
}

function countDistinct(sorted: Float64Array): number {
  let count = 0;
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) count += 1;
  return count;
}

function countRuns(sorted: Float64Array): Map<Category, number> {
  const counts = new Map<Category, number>();
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    while (to < sorted.length && sorted[to] === sorted[from]) to += 1;
    counts.set(sorted[from]!, to - from);
  }
  return counts;
}

function countDistinctMerged(a: Float64Array, b: Float64Array, most: number): number {
  let [i, j, count] = [0, 0, 0];
  while (count <= most && (i < a.length || j < b.length)) {
    const value = j >= b.length || (i < a.length && a[i]! <= b[j]!) ? a[i]! : b[j]!;
    while (i < a.length && a[i] === value) i += 1;
    while (j < b.length && b[j] === value) j += 1;
    count += 1;
  }
  return count;
}

/** Merges two ascending arrays into an ascending one. */
export function mergeSorted(a: Float64Array, b: Float64Array): Float64Array {
  const merged = new Float64Array(a.length + b.length);
  for (let i = 0, j = 0, k = 0; k < merged.length; k++) {
    merged[k] = j >= b.length || (i < a.length && a[i]! <= b[j]!) ? a[i++]! : b[j++]!;
  }
  return merged;
}
