import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Reference } from '../../../core/drift/evidently/compare.ts';
import {
  compareProfile,
  mergeProfiles,
  MOST_EXACT,
  profileErrorBound,
  profileOf,
  type DriftProfile,
} from '../../../core/drift/evidently/profile.ts';
import {
  errorBound,
  mergeSketches,
  sketchOf,
  valuesOf,
} from '../../../core/drift/evidently/quantile-sketch.ts';
import { sampleOf } from '../../../core/drift/evidently/sample.ts';
import { applicableTests, testNamed } from '../../../core/drift/evidently/stattests/registry.ts';
import { selectRows, type Column, type Table } from '../../../core/drift/evidently/table.ts';
import { columnFrom, goldenPath, readGolden, thereIsGolden, type GoldenNumber } from './golden.ts';

const tableWith = (column: Column): Table => ({
  rows: column.values.length,
  columns: new Map([['x', column]]),
});
/** As it comes back from a file. */
const stored = (profile: DriftProfile): DriftProfile => JSON.parse(JSON.stringify(profile)) as DriftProfile;

/** Their permutations depend on the order of the rows. */
const BY_ORDER = ['TVD', 'empirical_mmd'];

interface Pair {
  readonly type: 'num' | 'cat';
  readonly reference: (string | number | null)[];
  readonly current: (string | number | null)[];
}

describe('a comparison of profiles', () => {
  const file = path.join(import.meta.dirname, 'fixtures', 'evidently-cases.json');
  const { pairs } = JSON.parse(readFileSync(file, 'utf8')) as { pairs: Record<string, Pair> };

  it.for(Object.keys(pairs))('%s: every test says what it says of the rows', (name) => {
    const { type, reference, current } = pairs[name]!;
    const tables = [reference, current].map((values) => tableWith(columnFrom(type, values)));
    const profiles = tables.map((table) => stored(profileOf(table)));
    for (const test of applicableTests(type).filter((each) => !BY_ORDER.includes(each))) {
      const fromRows = new Reference(tables[0]!, undefined, { test }).compare(tables[1]!);
      const fromProfiles = compareProfile(profiles[0]!, profiles[1]!, { test });
      const { drift_score: score, ...verdict } = fromRows.columns['x']!;
      expect(fromProfiles.columns['x'], test).toMatchObject(verdict);
      const got = fromProfiles.columns['x']!.drift_score;
      if (score === null) expect(got, test).toBeNull();
      else expect(Math.abs(got! - score), test).toBeLessThanOrEqual(1e-12 * Math.abs(score));
      expect(fromProfiles.missing, test).toEqual(fromRows.missing);
      expect(fromProfiles.findings, test).toEqual(fromRows.findings);
    }
  });

  it('of a part at a time is that of the whole', () => {
    const column: Column = {
      type: 'num',
      values: Float64Array.from({ length: 900 }, (_, i) => (i % 7 === 0 ? NaN : (i * i) % 311)),
    };
    const names: Column = {
      type: 'cat',
      values: Array.from({ length: 900 }, (_, i) => 'abcde'[(i * i) % 5]!),
    };
    const table: Table = {
      rows: 900,
      columns: new Map<string, Column>([
        ['x', column],
        ['kind', names],
      ]),
    };
    const rows = (from: number, to: number) =>
      selectRows(
        table,
        Array.from({ length: to - from }, (_, i) => from + i),
      );
    const [reference, first, second] = [rows(0, 300), rows(300, 500), rows(500, 900)];
    const parts = mergeProfiles(stored(profileOf(first)), stored(profileOf(second)));
    expect(compareProfile(profileOf(reference), parts)).toEqual(
      new Reference(reference).compare(rows(300, 900)),
    );
  });

  it('refuses to merge tables of other columns', () => {
    const [a, b] = ['a', 'b'].map((name) =>
      profileOf({ rows: 1, columns: new Map([[name, { type: 'num', values: Float64Array.of(1) }]]) }),
    );
    expect(() => mergeProfiles(a!, b!)).toThrow('got columns a and b');
  });
});

describe.skipIf(!thereIsGolden)('the golden report from a profile', () => {
  it('has the same tests, scores and verdicts as Evidently 0.4.22', () => {
    const golden = readGolden<{
      frame_columns: string[];
      whole: {
        columns: Record<string, { drift_score: GoldenNumber; drift_detected: boolean; stattest: string }>;
      };
    }>('drift-evidently-0.4.22.json');
    const [reference, current] = ['reference.csv', 'current.csv'].map((file) => {
      const [header, ...lines] = readFileSync(goldenPath(file), 'utf8').trim().split('\n');
      const names = header!.split(',');
      const cells = lines.map((line) => line.split(','));
      const columns = golden.frame_columns.map((name): [string, Column] => {
        const at = names.indexOf(name);
        const values = Float64Array.from(cells, (row) => (row[at] === '' ? NaN : Number(row[at])));
        return [name, { type: 'num', values }];
      });
      return { rows: lines.length, columns: new Map(columns) };
    });
    const { columns } = compareProfile(stored(profileOf(reference!)), current!);
    for (const [name, { drift_score, drift_detected, stattest }] of Object.entries(golden.whole.columns)) {
      expect(columns[name], name).toMatchObject({ drift_detected, stattest });
      expect(columns[name]!.drift_score, name).toBeCloseTo(drift_score as number, 9);
    }
  });
});

/** A reproducible stream of numbers in [0, 1): Lehmer's, with Park and Miller's multiplier. */
function* uniform(seed: number, count: number): Generator<number> {
  let state = seed;
  for (let i = 0; i < count; i++) yield (state = (state * 48271) % 2147483647) / 2147483647;
}

/** Largest gap between two distribution functions. */
function ksStatistic(a: Float64Array, b: Float64Array): number {
  let [i, j, most] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i]!, b[j]!);
    while (i < a.length && a[i] === value) i += 1;
    while (j < b.length && b[j] === value) j += 1;
    most = Math.max(most, Math.abs(i / a.length - j / b.length));
  }
  return most;
}

describe('a quantile sketch', () => {
  const shapes: ((u: number) => number)[] = [
    (u) => u,
    (u) => -Math.log(1 - u),
    (u) => Math.round(50_000 * u),
    (u) => (u < 0.5 ? u : 1e9 * u),
  ];
  const parts = fc.record({
    seed: fc.integer({ min: 1, max: 2147483646 }),
    sizes: fc.array(fc.integer({ min: 1, max: 30_000 }), { minLength: 1, maxLength: 4 }),
    shape: fc.constantFrom(...shapes),
    sorted: fc.boolean(),
  });

  it('is within its bound of the data, however they are parted, ordered and shaped', () => {
    fc.assert(
      fc.property(parts, ({ seed, sizes, shape, sorted }) => {
        const all = sizes.map((size, part) => {
          const values = Float64Array.from(uniform(seed + part, size), shape);
          return sorted ? values.sort() : values;
        });
        const sketch = all.map((values) => sketchOf(values)).reduce(mergeSketches);
        const exact = Float64Array.from(all.flatMap((values) => [...values])).sort();
        const kept = valuesOf(sketch);
        expect(kept.length).toBe(exact.length);
        expect([kept[0], kept.at(-1)]).toEqual([exact[0], exact.at(-1)]);
        expect(ksStatistic(kept, exact)).toBeLessThanOrEqual(errorBound(sketch) + 1e-12);
      }),
      { numRuns: 40, seed: 7 },
    );
  });

  it('is exact while its first level is not full', () => {
    const sketch = sketchOf([3, 1, 2]);
    expect(errorBound(sketch)).toBe(0);
    expect([...valuesOf(sketch)]).toEqual([1, 2, 3]);
  });

  it('of a million numbers has ranks to 0.25 %, and some 30,000 values', () => {
    const sketch = sketchOf(uniform(1, 1_000_000));
    expect(errorBound(sketch)).toBeLessThan(0.0025);
    expect(sketch.levels.flat().length).toBeLessThan(33_000);
  });
});

describe('a profile of more distinct numbers than it keeps', () => {
  const column = (seed: number, shift: number): Column => ({
    type: 'num',
    values: Float64Array.from(uniform(seed, 3 * MOST_EXACT), (u) => u + shift),
  });

  it('gives a ks statistic within the bounds of both, and the verdict', () => {
    const tables = [tableWith(column(3, 0)), tableWith(column(4, 0.03))] as const;
    const profiles = tables.map((table) => stored(profileOf(table)));
    const bound = profiles.reduce((sum, { columns }) => sum + profileErrorBound(columns[0]![1]), 0);
    expect(bound).toBeGreaterThan(0);
    const sorted = tables
      .map(({ columns }) => sampleOf(columns.get('x')!))
      .map((sample) => {
        if (sample.type !== 'num') throw new Error('expected numbers');
        return sample.sorted;
      });
    const kept = profiles.map(({ columns }) => {
      const [, profile] = columns[0]!;
      if (!('sketch' in profile)) throw new Error('expected a sketch');
      return valuesOf(profile.sketch);
    });
    const exact = ksStatistic(sorted[0]!, sorted[1]!);
    expect(Math.abs(ksStatistic(kept[0]!, kept[1]!) - exact)).toBeLessThanOrEqual(bound);
    const { drift_detected } = compareProfile(profiles[0]!, profiles[1]!, { test: 'ks' }).columns['x']!;
    expect(drift_detected).toBe(true);
    expect(testNamed('ks').threshold).toBe(0.05);
  });
});
