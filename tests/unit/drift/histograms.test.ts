import { expect, it } from 'vitest';
import { histogramsOf, MOST_BINS } from '../../../core/drift/report/histograms.ts';
import type { FrameRow } from '../../../contracts/frame.ts';
import { monitoredTable } from '../../../core/drift/monitored-table.ts';
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

it('puts many values into bins with round edges over the range of both sides', () => {
  // The range 0 to 40 has bins of 5 and not of 2, which would be 21: [0, 5), [5, 10), ..., [40, 45).
  const reference = Array.from({ length: 30 }, (_, i) => i);
  const { x } = histogramsOf(table(reference), table([40, 39, 2]), [
    '2025-01-06',
    '2025-01-06',
    '2025-01-06',
  ]);
  expect([x!.bins[0], x!.bins.at(-1)]).toEqual([
    [0, 5],
    [40, 45],
  ]);
  expect(x!.reference).toEqual([5, 5, 5, 5, 5, 5, 0, 0, 0]);
  expect(x!.current).toEqual([1, 0, 0, 0, 0, 0, 0, 1, 1]);
});

it('has round edges for few values too, unless they are very few or small integers', () => {
  const binsOf = (values: readonly number[]) =>
    histogramsOf(
      table(values),
      table(values),
      values.map(() => '2025-01-06'),
    )['x']!.bins;
  expect(binsOf([0, 0.5, 2.1, 3, 4.2, 9.4]).slice(0, 2)).toEqual([
    [0, 0.5],
    [0.5, 1],
  ]);
  expect(binsOf([0, 0.5, 2.1])).toEqual([[0], [0.5], [2.1]]);
  expect(binsOf([3, 1, 4, 5, 9, 2, 6])).toEqual([[1], [2], [3], [4], [5], [6], [9]]);
});

it('counts every value, with round edges, whatever the range', () => {
  for (const scale of [1e-7, 0.013, 0.9, 37, 123_456]) {
    const values = Array.from({ length: 400 }, (_, i) => scale * (i / 400 - 0.37));
    const dates = values.map(() => '2025-01-06');
    const { x } = histogramsOf(table(values), table(values), dates);
    expect(x!.bins.length).toBeLessThanOrEqual(MOST_BINS + 1);
    expect(x!.current.reduce((sum, count) => sum + count, 0)).toBe(400);
    for (const [low, high] of x!.bins) {
      const width = Number(high) - Number(low);
      expect(Math.abs(Number(low) / width - Math.round(Number(low) / width))).toBeLessThan(1e-6);
    }
  }
});

it('shows hour, weekday, week and month beside their sine and cosine', () => {
  const rows = [
    { date: '2025-01-06', hour: 0 },
    { date: '2025-01-12', hour: 23 },
    { date: '2025-07-01', hour: 8 },
  ].map((row): FrameRow => ({
    ...row,
    trips: 1,
    holiday: 0,
    TMAX: 1,
    TMIN: 1,
    SNOW: 0,
    weather_filled: false,
  }));
  const monitored = monitoredTable(rows, [1, 1, 1]);
  const histograms = histogramsOf(
    monitored,
    monitored,
    rows.map(({ date }) => date),
  );
  const binsOf = (name: string) => histograms[name]!.bins.flat();
  expect(binsOf('hour')).toEqual([0, 8, 23]);
  expect(binsOf('weekday')).toEqual(['Mon', 'Tue', 'Sun']);
  expect(binsOf('week')).toEqual([2, 27]);
  expect(binsOf('month')).toEqual(['Jan', 'Jul']);
  expect(histograms['month']!.current).toEqual([2, 1]);
  expect(histograms).toHaveProperty('hr_sin');
});

it('omits a column that the reference does not have', () => {
  const reference: Table = { rows: 0, columns: new Map() };
  expect(histogramsOf(reference, table([1]), ['2025-01-06'])).toEqual({});
});
