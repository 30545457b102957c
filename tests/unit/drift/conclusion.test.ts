import { describe, expect, it } from 'vitest';
import { Reference } from '../../../core/drift/evidently/compare.ts';
import { conclude, conclusionText } from '../../../core/drift/report/conclusion.ts';
import type { Column, Table } from '../../../core/drift/evidently/drift-table.ts';

const ROWS = 40;
const numbers = (shift = 0): Column => ({
  type: 'num',
  values: Float64Array.from({ length: ROWS }, (_, i) => i + shift),
});
const words: Column = { type: 'cat', values: Array.from({ length: ROWS }, () => 'n/v') };
const table = (columns: Record<string, Column>): Table => ({
  rows: ROWS,
  columns: new Map(Object.entries(columns)),
});

const reference = new Reference(table({ a: numbers(), b: numbers(), c: numbers() }));
const same = reference.compare(table({ a: numbers(), b: numbers(), c: numbers() }));
const drifted = reference.compare(table({ a: numbers(90), b: numbers(90), c: words }));
const lost = reference.compare(table({ a: words, b: words }));

describe('the conclusion of one comparison', () => {
  it('is drift, and names the share, the drifted columns and the columns without a score', () => {
    const conclusion = conclude(drifted);
    expect(conclusion).toMatchObject({
      outcome: 'drift',
      drifted_columns: ['a', 'b'],
      not_compared_columns: ['c'],
    });
    expect(conclusionText(conclusion)).toBe(
      'Drift found: 2 of 3 columns drifted (66.7 %, limit 50 %): a, b; 1 of 3 columns could not be compared: c (numbers in reference, categories in current: correct the values, or declare the column categorical).',
    );
  });

  it('is no drift', () => {
    expect(conclusionText(conclude(same))).toBe('No drift found: no column of 3 drifted (0 %, limit 50 %).');
  });

  it('is neither without a single score, and gives each reason', () => {
    const conclusion = conclude(lost);
    expect(conclusion.outcome).toBe('nothing_compared');
    expect(conclusionText(conclusion)).toMatch(
      /^Nothing could be compared: a, b \(numbers in reference, categories in current: .*\), c \(column is not in current\)\.$/,
    );
  });

  it('is neither without a column', () => {
    const nothing = new Reference(table({})).compare(table({ a: numbers() }));
    expect(conclude(nothing).outcome).toBe('nothing_compared');
  });
});

describe('the conclusion of weeks', () => {
  it('counts weeks without a score apart from weeks without drift', () => {
    const conclusion = conclude(same, { '2025-W01': lost, '2025-W02': same, '2025-W03': drifted });
    expect(conclusion).toMatchObject({
      outcome: 'drift',
      drifted_weeks: ['2025-W03'],
      not_compared_weeks: ['2025-W01'],
    });
    expect(conclusionText(conclusion)).toMatch(
      /^Drift found: 1 of 3 weeks drifted \(2025-W03\); 1 of 3 weeks could not be compared \(2025-W01\); no column of 3 drifted over all of current/,
    );
    expect(conclude(drifted, { '2025-W01': lost, '2025-W02': same }).outcome).toBe('no_drift');
  });

  it('uses the whole if no week has a score', () => {
    expect(conclude(drifted, { '2025-W01': lost }).outcome).toBe('drift');
    expect(conclude(lost, { '2025-W01': lost }).outcome).toBe('nothing_compared');
    expect(conclude(lost, {}).outcome).toBe('nothing_compared');
  });
});
