import { expect, test } from 'vitest';
import { datesOf } from '../../../client/drift-dates.ts';

test('names an omitted date column, instead of asking for one', () => {
  const table = {
    rows: 1,
    columns: new Map(),
    leftOut: [{ name: 'date', reason: 'times with a zone' }],
  };
  expect(() => datesOf(table, { reference: 'a.parquet', current: 'z.parquet', by: 'week' })).toThrow(
    'column "date" of z.parquet is left out (times with a zone)',
  );
});
