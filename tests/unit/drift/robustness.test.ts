import { describe, expect, it } from 'vitest';
import { Reference, type Comparison } from '../../../core/drift/evidently/compare.ts';
import { renderReport } from '../../../core/drift/report/render-report.ts';
import { comparisonText } from '../../../core/drift/report/comparison-text.ts';
import { TEST_NAMES, testNamed } from '../../../core/drift/evidently/stattests/choose-test.ts';
import type { Column, Table } from '../../../core/drift/evidently/drift-table.ts';

const ROWS = 200;
const numbers = (at: (i: number) => number, rows = ROWS): Column => ({
  type: 'num',
  values: Float64Array.from({ length: rows }, (_, i) => at(i)),
});
const names = (at: (i: number) => string | null, rows = ROWS): Column => ({
  type: 'cat',
  values: Array.from({ length: rows }, (_, i) => at(i)),
});

function table(changed: Record<string, Column | undefined> = {}, rows = ROWS): Table {
  const columns: Record<string, Column | undefined> = {
    level: numbers((i) => (i * 37) % 101, rows),
    kind: names((i) => 'abc'[i % 3]!, rows),
    trips: numbers((i) => 100 + (i % 50), rows),
    prediction: numbers((i) => 101 + (i % 49), rows),
    ...changed,
  };
  const present = Object.entries(columns).filter(
    (entry): entry is [string, Column] => entry[1] !== undefined,
  );
  return { rows, columns: new Map(present) };
}

function compared(current: Table, reference = table()): Comparison {
  const whole = new Reference(reference, { target: 'trips', prediction: 'prediction' }).compare(current);
  // Both renderings must accept the comparison too.
  comparisonText(whole);
  renderReport({
    title: 'x',
    facts: [],
    whole,
    weeks: { '2025-W01': whole },
    predictionColumn: 'prediction',
  });
  return whole;
}

const findingsOf = ({ findings }: Comparison) =>
  findings.map(({ kind, column, text }) => `${kind} ${column ?? '*'}: ${text}`);

describe('a comparison accepts', () => {
  it('an empty current', () => {
    const whole = compared(table({}, 0));
    expect(findingsOf(whole)).toContain('no_rows *: current has no rows');
    expect(findingsOf(whole)).toContain('not_compared level: no value in current');
    expect(whole.dataset_drift.number_of_drifted_columns).toBe(0);
    expect(whole.regression?.current.rmse).toBeNull();
  });

  it.for([1, 3])('a current of %s rows', (rows) => {
    const whole = compared(table({}, rows));
    expect(findingsOf(whole)[0]).toMatch(new RegExp(`^few_rows \\*: current has only ${rows} rows?,`));
    expect(whole.columns['level']!.drift_score).not.toBeNull();
  });

  it('a column without a value, of any type', () => {
    for (const level of [numbers(() => NaN), names(() => null)]) {
      const whole = compared(table({ level }));
      expect(whole.columns['level']).toMatchObject({ test: null, drift_score: null, drift_detected: false });
      expect(findingsOf(whole)).toContain('not_compared level: no value in current');
    }
  });

  it('a missing column and a new one', () => {
    const whole = compared(table({ level: undefined, wind: numbers((i) => i) }));
    expect(findingsOf(whole)).toContain('column_gone level: is in reference, but not in current');
    expect(findingsOf(whole)).toContain('column_new wind: is in current, but not in reference');
    expect(Object.keys(whole.columns)).toEqual(['level', 'kind', 'trips', 'prediction']);
  });

  it('a missing target, and compares the rest without quality', () => {
    const whole = compared(table({ trips: undefined }));
    expect(whole.regression).toBeUndefined();
    expect(whole.columns['prediction']!.drift_score).not.toBeNull();
  });

  it('numbers that became texts', () => {
    const whole = compared(table({ level: names((i) => `${i} °F`) }));
    expect(findingsOf(whole).join()).toContain('level: numbers in reference, categories in current');
  });

  it('constants', () => {
    const whole = compared(table({ level: numbers(() => 7), kind: names(() => 'a') }));
    expect(findingsOf(whole)).toContain('constant level: has a single value in current');
    expect(findingsOf(whole)).toContain('constant kind: has a single value in current');
  });

  it('infinities, which count as missing', () => {
    const whole = compared(table({ level: numbers((i) => (i % 2 === 0 ? Infinity : i)) }));
    expect(findingsOf(whole)).toContain(
      'infinite level: 0 values of reference and 100 of current are infinite and count as missing',
    );
    expect(whole.missing.current.number_of_missing_values_by_column['level']).toBe(100);
  });

  it('values beyond what reference had, and categories new in current', () => {
    const whole = compared(
      table({ level: numbers((i) => i), kind: names((i) => (i < 9 ? `new ${i}` : 'a')) }),
    );
    expect(findingsOf(whole)).toContain('out_of_range level: is from 0 to 199, in reference from 0 to 100');
    expect(findingsOf(whole)).toContain(
      'new_categories kind: 9 categories not in reference: "new 0", "new 1", "new 2", "new 3", "new 4" and 4 more',
    );
  });

  it('a hundred thousand categories', () => {
    const many = 100_000;
    const side = (prefix: string): Table => ({
      rows: many,
      columns: new Map([['id', names((i) => `${prefix}${i}`, many)]]),
    });
    const whole = new Reference(side('a')).compare(side('b'));
    // The sides share no category, so the Jensen-Shannon distance is the greatest possible.
    expect(whole.columns['id']!.drift_score).toBeCloseTo(Math.sqrt(Math.LN2), 9);
    const named = new Reference(side('a'), undefined, { test: 'psi' }).compare(side('b'));
    expect(named.columns['id']!.drift_detected).toBe(true);
  });

  it('values near the end of the range of doubles, by every test', () => {
    const huge = numbers((i) => (i % 2 === 0 ? 1 : -1) * 1.7e308);
    for (const name of TEST_NAMES.filter((test) => testNamed(test).types.includes('num'))) {
      const choice = { perType: { num: { test: name } } };
      const whole = new Reference(table({ level: huge }), undefined, choice).compare(table());
      const { drift_score: score, note } = whole.columns['level']!;
      expect(score !== null || note !== undefined, name).toBe(true);
    }
  });

  it('rejects only an empty reference', () => {
    expect(() => new Reference(table({}, 0))).toThrow(/reference has no rows/);
  });
});

describe('every test on samples of one to three values', () => {
  const small = [1, 2, 3].flatMap((m) => [1, 2, 3].map((n) => [m, n] as const));
  it.for(TEST_NAMES)('%s answers, or gives the reason', (test) => {
    const type = testNamed(test).types[0]!;
    const column =
      type === 'num' ? (n: number) => numbers((i) => i * i, n) : (n: number) => names((i) => 'xyz'[i]!, n);
    for (const [m, n] of small) {
      const side = (rows: number): Table => ({ rows, columns: new Map([['c', column(rows)]]) });
      const { drift_score: score, note } = new Reference(side(m), undefined, { test }).compare(side(n))
        .columns['c']!;
      expect(score !== null || note !== undefined, `${m} and ${n} values`).toBe(true);
    }
  });
});
