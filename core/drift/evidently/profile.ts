/**
 * A table in little: what the tests of drift ask of its columns, without its rows. JSON-able, and parts of a table add up to the profile
 * of the whole, so that large data can be profiled in parts, and a reference is kept without its rows.
 *
 * Numbers with at most `MOST_EXACT` distinct values, and all categories, are kept exactly, by how often each occurs; every test then gives what it
 * gives on the rows but for TVD and empirical_mmd, whose permutations depend on their order: their statistic is the same, their p within
 * its Monte-Carlo error. t_test adds in another order, and differs by rounding. Numbers with more distinct values are kept as a
 * quantile sketch: the distribution function, and so the statistic of ks, is within `errorBound`; the other tests are approximate.
 */
import { CitibikeError } from '../../../contracts/errors.ts';
import { showValue } from '../../../contracts/show-value.ts';
import { Reference, type Comparison } from './compare.ts';
import { countMissing, missingOf, type MissingCounts } from './missing-values.ts';
import { errorBound, mergeSketches, sketchOf, valuesOf, type QuantileSketch } from './quantile-sketch.ts';
import { sampleOf } from './sample.ts';
import type { Category, Column, Table } from './table.ts';
import type { TestChoice } from './test-choice.ts';

export const DRIFT_PROFILE_SCHEMA_VERSION = 1;

/** Distinct numbers that are kept as they are: 160 kB of JSON at most. */
export const MOST_EXACT = 10_000;

interface Gaps {
  /** NaN or null. */
  readonly missing: number;
  /** +∞ and −∞. */
  readonly infinite: readonly [number, number];
}

export type ColumnProfile =
  | ({ readonly type: 'num'; readonly values: readonly number[]; readonly counts: readonly number[] } & Gaps)
  | ({ readonly type: 'num'; readonly sketch: QuantileSketch } & Gaps)
  | {
      readonly type: 'cat';
      readonly values: readonly Category[];
      readonly counts: readonly number[];
      readonly missing: number;
    };

export interface DriftProfile {
  readonly schemaVersion: typeof DRIFT_PROFILE_SCHEMA_VERSION;
  readonly rows: number;
  readonly missing: MissingCounts;
  /** By name, in the table's order. */
  readonly columns: readonly (readonly [string, ColumnProfile])[];
}

export function profileOf(table: Table): DriftProfile {
  return {
    schemaVersion: DRIFT_PROFILE_SCHEMA_VERSION,
    rows: table.rows,
    missing: countMissing(table),
    columns: [...table.columns].map(([name, column]) => [name, columnProfile(column)] as const),
  };
}

/** Of two parts of one table. @throws CitibikeError INVALID_INPUT when they have other columns, or columns of other types. */
export function mergeProfiles(a: DriftProfile, b: DriftProfile): DriftProfile {
  const [ours, theirs] = [new Map(a.columns), new Map(b.columns)];
  if (ours.size !== theirs.size || [...ours.keys()].some((name) => !theirs.has(name))) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `profiles to merge are of one table: got columns ${[...ours.keys()].join(', ')} and ${[...theirs.keys()].join(', ')}`,
    );
  }
  const added = (name: string) => (a.missing.byColumn[name] ?? 0) + (b.missing.byColumn[name] ?? 0);
  return {
    schemaVersion: DRIFT_PROFILE_SCHEMA_VERSION,
    rows: a.rows + b.rows,
    missing: {
      rows: a.missing.rows + b.missing.rows,
      rowsWithMissing: a.missing.rowsWithMissing + b.missing.rowsWithMissing,
      kinds: [...new Set([...a.missing.kinds, ...b.missing.kinds])],
      byColumn: Object.fromEntries([...ours.keys()].map((name) => [name, added(name)])),
    },
    columns: a.columns.map(
      ([name, column]) => [name, mergeColumns(name, column, theirs.get(name)!)] as const,
    ),
  };
}

/** As `Reference.compare` on the rows; regression quality, which needs rows, is left out. */
export function compareProfile(
  reference: DriftProfile,
  current: Table | DriftProfile,
  choice: TestChoice = {},
): Comparison {
  const isProfile = 'schemaVersion' in current;
  const table = isProfile ? tableOfProfile(current) : current;
  const comparison = new Reference(tableOfProfile(reference), undefined, choice).compare(table, false);
  const missing = {
    current: isProfile ? missingOf(current.missing) : comparison.missing.current,
    reference: missingOf(reference.missing),
  };
  return { ...comparison, missing };
}

/** By how much the distribution functions of a column can be off: 0 where it is kept exactly. */
export function profileErrorBound(column: ColumnProfile): number {
  return 'sketch' in column ? errorBound(column.sketch) : 0;
}

function columnProfile(column: Column): ColumnProfile {
  const sample = sampleOf(column);
  if (sample.type === 'cat') {
    const missing = column.values.length - sample.size;
    return { type: 'cat', values: [...sample.counts.keys()], counts: [...sample.counts.values()], missing };
  }
  const gaps = gapsOf(column.values as Float64Array);
  if (sample.distinct > MOST_EXACT) return { type: 'num', sketch: sketchOf(sample.inOrder()), ...gaps };
  const counts = sample.counts as ReadonlyMap<number, number>;
  return { type: 'num', values: [...counts.keys()], counts: [...counts.values()], ...gaps };
}

function gapsOf(values: Float64Array): Gaps {
  let [missing, up, down] = [0, 0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) missing += 1;
    else if (value === Infinity) up += 1;
    else if (value === -Infinity) down += 1;
  }
  return { missing, infinite: [up, down] };
}

function mergeColumns(name: string, a: ColumnProfile, b: ColumnProfile): ColumnProfile {
  const missing = a.missing + b.missing;
  if (a.type === 'cat' && b.type === 'cat') return { type: 'cat', ...mergeCounts(a, b), missing };
  if (a.type === 'cat' || b.type === 'cat') {
    throw new CitibikeError(
      'INVALID_INPUT',
      `column ${showValue(name)} holds numbers in one profile and categories in the other: declare it categorical in both`,
    );
  }
  const gaps: Gaps = {
    missing,
    infinite: [a.infinite[0] + b.infinite[0], a.infinite[1] + b.infinite[1]],
  };
  if (!('sketch' in a) && !('sketch' in b)) {
    const merged = mergeCounts(a, b);
    if (merged.values.length <= MOST_EXACT) return { type: 'num', ...merged, ...gaps };
    return { type: 'num', sketch: sketchOf(repeated(merged.values, merged.counts)), ...gaps };
  }
  const sketch = (column: typeof a) =>
    'sketch' in column ? column.sketch : sketchOf(repeated(column.values, column.counts));
  return { type: 'num', sketch: mergeSketches(sketch(a), sketch(b)), ...gaps };
}

interface Counts<Value> {
  readonly values: readonly Value[];
  readonly counts: readonly number[];
}

function mergeCounts<Value>(a: Counts<Value>, b: Counts<Value>): { values: Value[]; counts: number[] } {
  const counts = new Map(a.values.map((value, i) => [value, a.counts[i]!]));
  for (const [i, value] of b.values.entries()) counts.set(value, (counts.get(value) ?? 0) + b.counts[i]!);
  return { values: [...counts.keys()], counts: [...counts.values()] };
}

function* repeated<Value>(values: readonly Value[], counts: readonly number[]): Generator<Value> {
  for (const [i, value] of values.entries()) for (let n = 0; n < counts[i]!; n++) yield value;
}

/** Each column has the values it had, ascending, gaps last: what was in one row no longer is. */
function tableOfProfile({ rows, columns }: DriftProfile): Table {
  return { rows, columns: new Map(columns.map(([name, column]) => [name, columnOfProfile(column, rows)])) };
}

function columnOfProfile(column: ColumnProfile, rows: number): Column {
  if (column.type === 'cat') {
    const values: (Category | null)[] = [...repeated(column.values, column.counts)];
    while (values.length < rows) values.push(null);
    return { type: 'cat', values };
  }
  const values = new Float64Array(rows).fill(NaN);
  let at = 0;
  if ('sketch' in column) {
    values.set(valuesOf(column.sketch));
    at = column.sketch.size;
  } else {
    for (const [i, value] of column.values.entries()) values.fill(value, at, (at += column.counts[i]!));
  }
  values.fill(Infinity, at, (at += column.infinite[0]));
  values.fill(-Infinity, at, at + column.infinite[1]);
  return { type: 'num', values };
}
