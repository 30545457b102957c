import { expect, test } from 'vitest';
import { calibrateByHour, hourGroupOf } from '../../../core/model/calibration.ts';

test('hours fall into night, morning, midday, evening and late', () => {
  expect([0, 5, 6, 9, 10, 15, 16, 19, 20, 23].map(hourGroupOf)).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
});

test('each bound moves by its own conformal quantile, in its own group of hours', () => {
  // 99 held-out hours at 08:00: the actual value lies 1..99 above the upper bound, always 10 above the lower.
  const rows = Array.from({ length: 99 }, (_, i) => ({ hour: 8, actual: 1000, lower: 990, upper: 999 - i }));
  const { lower, upper } = calibrateByHour(rows);
  // Rank ceil(0.95 · 100) = 95 of the 99 shortfalls 1..99.
  expect([upper[6], upper[9]]).toEqual([95, 95]);
  expect([lower[6], lower[9]]).toEqual([10, 10]);
  expect([lower[5], upper[10]]).toEqual([0, 0]);
  expect([lower.length, upper.length]).toEqual([24, 24]);
});

test('an interval that is too wide is narrowed', () => {
  const rows = Array.from({ length: 99 }, () => ({ hour: 0, actual: 500, lower: 100, upper: 900 }));
  const { lower, upper } = calibrateByHour(rows);
  expect([lower[0], upper[0]]).toEqual([400, -400]);
});
