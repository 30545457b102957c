import { describe, expect, it } from 'vitest';
import { missingValues } from '../../../core/drift/evidently/missing-values.ts';
import type { Column } from '../../../core/drift/evidently/drift-table.ts';

describe('missingValues', () => {
  it('counts null, NaN, both infinities and the empty text', () => {
    const columns = new Map<string, Column>([
      ['number', { type: 'num', values: Float64Array.of(1, NaN, Infinity, -Infinity) }],
      ['name', { type: 'cat', values: ['a', null, '', 'b'] }],
      ['full', { type: 'num', values: Float64Array.of(1, 2, 3, 4) }],
    ]);
    expect(missingValues({ rows: 4, columns })).toEqual({
      number_of_missing_values: 5,
      share_of_missing_values: 5 / 12,
      number_of_rows: 4,
      number_of_columns: 3,
      number_of_different_missing_values: 4,
      number_of_rows_with_missing_values: 3,
      share_of_rows_with_missing_values: 0.75,
      number_of_columns_with_missing_values: 2,
      share_of_columns_with_missing_values: 2 / 3,
      columns_with_missing_values: ['name', 'number'],
      number_of_missing_values_by_column: { number: 3, name: 2, full: 0 },
    });
  });

  it('has no share without values', () => {
    expect(missingValues({ rows: 0, columns: new Map() }).share_of_missing_values).toBe(0);
  });
});
