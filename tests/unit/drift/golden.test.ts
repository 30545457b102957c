/** Against Evidently 0.4.22 itself: golden files that lie beside the project where its author has them. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Reference, type Comparison } from '../../../core/drift/compare.ts';
import { sampleOf } from '../../../core/drift/sample.ts';
import { chooseTest, TEST_NAMES, testNamed } from '../../../core/drift/stattests/registry.ts';
import { selectRows, type Category, type Column, type Table } from '../../../core/drift/table.ts';

const DIR = path.resolve(
  process.env['CITIBIKE_GOLDEN'] ?? path.join(import.meta.dirname, '../../../../shared/golden'),
);
const there = existsSync(path.join(DIR, 'drift-evidently-0.4.22.json'));
if (!there) {
  console.warn(
    'golden drift tests skipped: set CITIBIKE_GOLDEN to the folder of drift-evidently-0.4.22.json',
  );
}

/** Relative, of distances and statistics; of p-values, which go through SciPy's distribution functions. */
const DISTANCE_TOLERANCE = 1e-9;
const P_VALUE_TESTS = ['ks', 'chisquare', 'z', 'mannw', 't_test', 'g_test'];
const P_VALUE_TOLERANCE = 1e-6;

const read = <T>(name: string): T => JSON.parse(readFileSync(path.join(DIR, name), 'utf8')) as T;

const worst = { values: 0, distances: 0, pValues: 0 };

type GoldenNumber = number | 'nan' | 'inf' | '-inf';

function expectClose(what: string, got: number | null, golden: GoldenNumber, tolerance: number): void {
  worst.values += 1;
  if (typeof golden === 'string') return expect(got ?? NaN, what).toBeNaN();
  const difference = Math.abs((got ?? NaN) - golden);
  const relative = difference === 0 ? 0 : difference / Math.abs(golden);
  if (tolerance === P_VALUE_TOLERANCE) worst.pValues = Math.max(worst.pValues, relative);
  else worst.distances = Math.max(worst.distances, relative);
  expect(relative, `${what}: got ${got}, golden ${golden}`).toBeLessThanOrEqual(tolerance);
}

interface GoldenColumn {
  readonly type: 'num' | 'cat';
  readonly stattest: string;
  readonly threshold: number;
  readonly drift_score: GoldenNumber;
  readonly drift_detected: boolean;
}
type Numbers = { readonly [name: string]: GoldenNumber | string[] | Numbers };
interface GoldenComparison {
  readonly columns: Record<string, GoldenColumn>;
  readonly dataset_drift: Record<string, number | boolean>;
  /** The reference is left out of the weeks, where it is the same each time. */
  readonly missing: { readonly current: Numbers; readonly reference?: Numbers };
  readonly regression: { readonly current: Numbers; readonly reference?: Numbers };
}
interface GoldenDrift {
  readonly frame_columns: string[];
  readonly whole: GoldenComparison;
  readonly whole_holiday_categorical: GoldenComparison;
  readonly weeks: Record<string, GoldenComparison>;
  readonly small_reference: { readonly weeks: Record<string, GoldenComparison> };
}

/** Every number of `golden` at the same place in `got`. */
function expectNumbers(what: string, got: unknown, golden: Numbers): void {
  for (const [name, value] of Object.entries(golden)) {
    const mine = (got as Record<string, unknown>)[name];
    if (Array.isArray(value)) expect(mine, `${what}.${name}`).toEqual(value);
    else if (typeof value === 'object') expectNumbers(`${what}.${name}`, mine, value);
    else expectClose(`${what}.${name}`, mine as number | null, value, DISTANCE_TOLERANCE);
  }
}

function expectSame(what: string, got: Comparison, golden: GoldenComparison): void {
  expect(Object.keys(got.columns), what).toEqual(Object.keys(golden.columns));
  for (const [name, column] of Object.entries(golden.columns)) {
    const mine = got.columns[name]!;
    expect({ ...mine, drift_score: 0 }, `${what} ${name}`).toMatchObject({ ...column, drift_score: 0 });
    const tolerance = column.stattest.endsWith('p_value') ? P_VALUE_TOLERANCE : DISTANCE_TOLERANCE;
    expectClose(`${what} ${name}`, mine.drift_score, column.drift_score, tolerance);
  }
  expect(got.dataset_drift, what).toEqual(golden.dataset_drift);
  for (const side of ['reference', 'current'] as const) {
    expectNumbers(`${what} missing ${side}`, got.missing[side], golden.missing[side] ?? {});
    expectNumbers(`${what} regression ${side}`, got.regression?.[side], golden.regression[side] ?? {});
  }
}

interface Csv {
  readonly table: Table;
  readonly dates: string[];
  readonly isoWeeks: number[];
}

function readCsv(name: string, columns: readonly string[], categorical: readonly string[] = []): Csv {
  const [header, ...lines] = readFileSync(path.join(DIR, name), 'utf8').trimEnd().split(/\r?\n/);
  const cells = lines.map((line) => line.split(','));
  const at = (column: string) => header!.split(',').indexOf(column);
  const numbers = (column: string) =>
    Float64Array.from(cells, (row) => (row[at(column)] === '' ? NaN : Number(row[at(column)])));
  const entries = columns.map((column): [string, Column] => [
    column,
    categorical.includes(column)
      ? { type: 'cat', values: [...numbers(column)] }
      : { type: 'num', values: numbers(column) },
  ]);
  return {
    table: { rows: cells.length, columns: new Map(entries) },
    dates: cells.map((row) => row[at('date')]!),
    isoWeeks: [...numbers('iso_week')],
  };
}

const ROLES = { target: 'trips', prediction: 'prediction' };

describe.skipIf(!there)('the report of Evidently 0.4.22', () => {
  const golden = there ? read<GoldenDrift>('drift-evidently-0.4.22.json') : (undefined as never);
  const files = (categorical: string[] = []) => ({
    reference: readCsv('reference.csv', golden.frame_columns, categorical),
    current: readCsv('current.csv', golden.frame_columns, categorical),
  });

  it('is matched for the whole quarter', () => {
    const { reference, current } = files();
    expectSame('whole', new Reference(reference.table, ROLES).compare(current.table), golden.whole);
  });

  it('is matched with a categorical column', () => {
    const { reference, current } = files(['holiday']);
    const got = new Reference(reference.table, ROLES).compare(current.table);
    expectSame('whole', got, golden.whole_holiday_categorical);
  });

  it('is matched for every ISO week given, of 14', () => {
    const { reference, current } = files();
    const weeks = new Reference(reference.table, ROLES).compareWeeks(current.table, current.dates);
    expect(weeks).toHaveLength(14);
    for (const [week, expected] of Object.entries(golden.weeks)) {
      expectSame(
        week,
        weeks.find((entry) => entry.week === week)!,
        expected,
      );
    }
  });

  it('is matched with a reference of at most 1,000 rows, where p-values are taken', () => {
    const { reference, current } = files(['holiday']);
    const rows = [...reference.isoWeeks.keys()].filter((row) => reference.isoWeeks[row]! <= 4);
    const small = new Reference(selectRows(reference.table, rows), ROLES);
    const weeks = small.compareWeeks(current.table, current.dates);
    for (const [week, expected] of Object.entries(golden.small_reference.weeks)) {
      expectSame(
        week,
        weeks.find((entry) => entry.week === week)!,
        expected,
      );
    }
  });
});

interface GoldenSamples {
  readonly default_picked: Record<
    string,
    { name: string; n_reference: number; n_current: number; nunique: number }
  >;
  readonly results: Record<
    string,
    Record<string, { report?: { score: GoldenNumber; drifted: boolean; threshold: number; error?: string } }>
  >;
}
interface SamplePair {
  readonly type: 'num' | 'cat';
  readonly reference: (Category | null)[];
  readonly current: (Category | null)[];
}

const SPECIAL: Record<string, number> = { nan: NaN, inf: Infinity, '-inf': -Infinity };

function columnFrom(type: 'num' | 'cat', values: (Category | null)[]): Column {
  if (type === 'cat') return { type, values };
  return {
    type,
    values: Float64Array.from(values, (value) =>
      value === null ? NaN : typeof value === 'string' ? SPECIAL[value]! : value,
    ),
  };
}

describe.skipIf(!there)('the pairs of samples', () => {
  const golden = there ? read<GoldenSamples>('stattests-evidently-0.4.22.json') : (undefined as never);
  const pairs = there ? read<Record<string, SamplePair>>('stattests-samples.json') : {};

  it.for(Object.keys(pairs))('%s: the same test is chosen, with the same scores and verdicts', (name) => {
    const { type, ...values } = pairs[name]!;
    const reference = sampleOf(columnFrom(type, values.reference));
    const current = sampleOf(columnFrom(type, values.current));
    const picked = golden.default_picked[name]!;
    expect([reference.size, current.size]).toEqual([picked.n_reference, picked.n_current]);
    expect(chooseTest(reference, current).name).toBe(picked.name);
    for (const [testName, { report }] of Object.entries(golden.results[name]!)) {
      if (!report || !TEST_NAMES.includes(testName)) continue;
      const test = testNamed(testName);
      if (report.error) {
        // Evidently fails there too: g_test on samples of two sizes.
        expect(() => test.score(reference, current)).toThrow();
        continue;
      }
      const score = test.score(reference, current);
      const tolerance = P_VALUE_TESTS.includes(testName) ? P_VALUE_TOLERANCE : DISTANCE_TOLERANCE;
      expectClose(`${name} ${testName}`, score, report.score, tolerance);
      expect(test.threshold).toBe(report.threshold);
      expect(test.drifted(score, test.threshold), `${name} ${testName}`).toBe(report.drifted);
    }
  });
});

afterAll(() => {
  if (there) {
    console.info(
      `golden: ${worst.values} values compared; worst relative difference of distances ${worst.distances}, of p-values ${worst.pValues}`,
    );
  }
});
