import { expect, it } from 'vitest';
import { judged } from '../../../console/web/src/format/metric-directions.ts';

it.each([
  ['test_rmse', 700, 717, 'better'],
  ['rmse', 717, 717, 'equal'],
  ['held_out_loss', 0.2, 0.1, 'worse'],
  ['r2', 0.9, 0.8, 'better'],
  ['bias', -3, 40, 'better'],
  ['bias', -40, 3, 'worse'],
  ['coverage', 0.91, 0.85, 'better'],
  ['coverage', 0.99, 0.91, 'worse'],
  ['naive_rmse', 700, 717, undefined],
  ['test_rows', 2159, 2000, undefined],
  ['test_width', 1, 2, undefined],
])('%s %d against %d is %s', (metric, value, baseline, judgement) => {
  expect(judged(metric, value, baseline)).toBe(judgement);
});
