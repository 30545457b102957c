import { expect, test } from 'vitest';
import { meanByCalendar, sameHourLastWeek } from '../../../core/evaluation/naive.ts';

// 2024-01-01 is a Monday.
const train = [
  { date: '2024-01-01', hour: 8, trips: 100 },
  { date: '2024-01-08', hour: 8, trips: 200 },
  { date: '2024-02-05', hour: 8, trips: 600 },
  { date: '2024-01-02', hour: 8, trips: 50 },
  { date: '2024-01-02', hour: 9, trips: 10 },
];

test.each([
  ['a Monday of January: the mean of its cell', '2025-01-06', 8, 150],
  ['a Monday of March: hour and weekday', '2025-03-03', 8, 300],
  ['a Sunday: the hour alone', '2025-01-05', 8, 237.5],
  ['an hour never seen: the mean of all', '2025-01-06', 23, 192],
])('%s', (_name, date, hour, expected) => {
  expect(meanByCalendar(train, [{ date, hour }])).toEqual([expected]);
});

test('the same hour last week comes from training and test rows, and is undefined if neither has it', () => {
  const test1 = { date: '2024-02-12', hour: 8, trips: 700 };
  const test2 = { date: '2024-02-19', hour: 8, trips: 800 };
  const unknown = { date: '2024-02-19', hour: 9, trips: 5 };
  expect(sameHourLastWeek(train, [test1, test2, unknown])).toEqual([600, 700, undefined]);
});
