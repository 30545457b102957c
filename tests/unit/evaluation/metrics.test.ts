import { expect, test } from 'vitest';
import { regressionMetrics } from '../../../core/evaluation/regression-metrics.ts';

const row = (actual: number, prediction: number) => ({ actual, prediction });

test('metrics match a computation by hand: errors +1, −2, 0 and +3 on 2, 4, 6 and 8', () => {
  const metrics = regressionMetrics([row(2, 3), row(4, 2), row(6, 6), row(8, 11)]);
  expect(metrics.rows).toBe(4);
  expect(metrics.rmse).toBeCloseTo(Math.sqrt(14 / 4), 12);
  expect(metrics.mae).toBeCloseTo(1.5, 12);
  expect(metrics.bias).toBeCloseTo(0.5, 12);
  expect(metrics.r2).toBeCloseTo(1 - 14 / 20, 12);
  expect(metrics.mape).toBeCloseTo(34.375, 12); // (1/2 + 2/4 + 0 + 3/8) / 4
  expect(metrics).not.toHaveProperty('coverage');
});

test('hours without a trip count in everything but MAPE', () => {
  const metrics = regressionMetrics([row(0, 5), row(10, 9)]);
  expect(metrics.mape).toBeCloseTo(10, 12);
  expect(metrics.mae).toBeCloseTo(3, 12);
});

test('an actual value on a bound is covered', () => {
  const metrics = regressionMetrics([
    { ...row(5, 5), lower: 5, upper: 9 },
    { ...row(4, 5), lower: 5, upper: 7 },
  ]);
  expect(metrics.coverage).toBe(0.5);
  expect(metrics.width).toBe(3);
});

test('a miss adds twenty times its distance to the Winkler score', () => {
  const metrics = regressionMetrics([
    { ...row(6, 6), lower: 4, upper: 8 }, // 4
    { ...row(3, 6), lower: 4, upper: 8 }, // 4 + 20 · 1
    { ...row(8.5, 6), lower: 4, upper: 8 }, // 4 + 20 · 0.5
  ]);
  expect(metrics.winkler).toBeCloseTo(14, 12);
});

test('coverage is omitted if a row has no interval', () => {
  expect(regressionMetrics([{ ...row(5, 5), lower: 4, upper: 6 }, row(1, 1)])).not.toHaveProperty('coverage');
});

test('R² of constant actual values and MAPE without trips are not numbers', () => {
  const metrics = regressionMetrics([row(0, 1), row(0, 2)]);
  expect([metrics.r2, metrics.mape]).toEqual([Number.NaN, Number.NaN]);
});

test('an empty list is an error', () => {
  expect(() => regressionMetrics([])).toThrow(/no rows to score/);
});
