import { expect, it } from 'vitest';
import { histogramsOf, MOST_BINS } from '../../../core/drift/report/histograms.ts';
import type { Table } from '../../../core/drift/evidently/drift-table.ts';

function table(values: readonly number[]): Table {
  return {
    rows: values.length,
    columns: new Map([['x', { type: 'num', values: Float64Array.from(values) }]]),
  };
}

it('counts each of few values by side and week, and omits missing ones', () => {
  // 2025-01-05 is the Sunday of the first ISO week, 2025-01-06 the Monday of the second.
  const dates = ['2025-01-05', '2025-01-06', '2025-01-06', '2025-01-06'];
  const { x } = histogramsOf(table([0, 0, 1]), table([1, 2, NaN, Infinity]), dates);
  expect(x).toEqual({
    bins: [[0], [1], [2]],
    reference: [2, 1, 0],
    current: [0, 1, 1],
    weeks: { '2025-W01': [0, 1, 0], '2025-W02': [0, 0, 1] },
  });
});

it('puts many values into bins of equal width over the range of both sides', () => {
  // The range 0 to 40 has 20 bins of 2: [0, 2), [2, 4), ..., [38, 40].
  const reference = Array.from({ length: 30 }, (_, i) => i);
  const { x } = histogramsOf(table(reference), table([40, 39, 2]), [
    '2025-01-06',
    '2025-01-06',
    '2025-01-06',
  ]);
  expect(x!.bins).toHaveLength(MOST_BINS);
  expect(x!.bins[0]).toEqual([0, 2]);
  expect(x!.bins.at(-1)).toEqual([38, 40]);
  expect(x!.reference).toEqual([...Array<number>(15).fill(2), 0, 0, 0, 0, 0]);
  expect(x!.current).toEqual([0, 1, ...Array<number>(17).fill(0), 2]);
});

it('omits a column that the reference does not have', () => {
  const reference: Table = { rows: 0, columns: new Map() };
  expect(histogramsOf(reference, table([1]), ['2025-01-06'])).toEqual({});
});
