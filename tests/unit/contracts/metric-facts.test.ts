import { expect, it } from 'vitest';
import {
  inUnitOf,
  metricFacts,
  metricLabel,
  metricsInOrder,
  metricTitle,
} from '../../../contracts/metric-facts.ts';
import type { RegressionMetrics } from '../../../contracts/model.ts';

it.each([
  ['rmse', 'RMSE, trips per hour'],
  ['mape', 'MAPE, %'],
  ['r2', 'R²'],
  ['test_rmse', 'Test RMSE, trips per hour'],
  ['test_coverage', 'Test coverage of the 90 % interval, %'],
  ['without_growth_mae', 'MAE without growth, trips per hour'],
  ['week_blocks_bias', 'Bias on hidden weeks, trips per hour'],
  ['held_out_loss', 'Validation loss'],
  ['growth_yearly', 'Growth per year, %'],
  // Other programs log metrics too.
  ['system/cpu_utilization', 'system/cpu_utilization'],
  ['test_of_mine', 'test_of_mine'],
  ['constructor', 'constructor'],
])('%s reads %s', (key, label) => {
  expect(metricLabel(key)).toBe(label);
});

it('names every metric of a model', () => {
  const metrics: Required<RegressionMetrics> = {
    ...{ rows: 1, rmse: 1, mae: 1, r2: 1, bias: 1, mape: 1, coverage: 1, width: 1, winkler: 1 },
  };
  for (const key of Object.keys(metrics)) expect(metricTitle(key), key).not.toBe(key);
});

it('shows shares in percent, and leaves other values alone', () => {
  expect(inUnitOf('test_coverage', 0.895)).toBeCloseTo(89.5, 9);
  expect(inUnitOf('mape', 12.5)).toBe(12.5);
});

it('begins with the most important metrics, and ends with unknown ones', () => {
  expect(metricsInOrder(['zeta', 'test_mae', 'naive_rmse', 'mae', 'alpha', 'test_rmse', 'rmse'])).toEqual([
    ...['rmse', 'mae', 'test_rmse', 'test_mae', 'naive_rmse', 'alpha', 'zeta'],
  ]);
});

it('has no best value for a benchmark', () => {
  expect(metricFacts('test_rmse').best).toBe(-Infinity);
  expect(metricFacts('naive_rmse').best).toBeUndefined();
});
