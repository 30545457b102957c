import { expect, test } from 'vitest';
import { heldOutRmse } from '../../../core/training/held-out-rmse.ts';

/** Holds three hours, standardised by mean 100 and deviation 10; growth doubles the last. */
const training = { trips: [100, 110, 200], growthFactor: [1, 1, 2], target: { mean: 100, std: 10 } };

test('the score is the RMSE in trips of the hidden hours over all folds', () => {
  const masks = Uint8Array.of(1, 0, 0, 0, 1, 1);
  // Fold 0 predicts 103 for hour 0; fold 1 predicts 106 for hour 1 and (100 + 5) · 2 for hour 2. Errors are 3, −4 and 10.
  const nan = Number.NaN;
  const heldOut = Float32Array.of(0.3, nan, nan, nan, 0.6, 0.5);
  expect(heldOutRmse(training, ['mean'], masks, heldOut)).toBeCloseTo(Math.sqrt((9 + 16 + 100) / 3), 5);
});

test('the median is the prediction if there are quantiles, and is never negative', () => {
  const masks = Uint8Array.of(1, 0, 0);
  const heldOut = new Float32Array(9).fill(Number.NaN);
  heldOut.set([-1, -20, 1]);
  // 100 − 20 · 10 would be −100 trips; the prediction 0 has an error of 100.
  expect(heldOutRmse(training, [0.05, 0.5, 0.95], masks, heldOut)).toBe(100);
});
