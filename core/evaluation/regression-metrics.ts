/** Computes regression metrics in trips per hour. */
import { CitibikeError } from '../../contracts/errors.ts';
import type { RegressionMetrics } from '../../contracts/model.ts';

/** Represents one scored hour, with bounds if the model has an interval. */
export interface Scored {
  readonly actual: number;
  readonly prediction: number;
  readonly lower?: number | null;
  readonly upper?: number | null;
}

/** Sets the penalty factor of a miss in the Winkler score of a 90 % interval: 2 / 0.1 (Gneiting & Raftery 2007, equation 43). */
const MISS_PRICE = 20;

/**
 * Returns the metrics. R² is 1 − SSE/SST, and NaN if the actual values do not vary. MAPE is NaN if no hour has a trip.
 * @throws CitibikeError INVALID_INPUT when `scored` is empty.
 */
export function regressionMetrics(scored: readonly Scored[]): RegressionMetrics {
  const rows = scored.length;
  if (rows === 0)
    throw new CitibikeError('INVALID_INPUT', 'metrics: got no rows to score, expected at least one');
  const mean = scored.reduce((sum, { actual }) => sum + actual, 0) / rows;
  let [squares, absolute, bias, total, percent, withTrips] = [0, 0, 0, 0, 0, 0];
  let [intervals, inside, width, missed] = [0, 0, 0, 0];
  for (const { actual, prediction, lower, upper } of scored) {
    const error = prediction - actual;
    squares += error * error;
    absolute += Math.abs(error);
    bias += error;
    total += (actual - mean) ** 2;
    if (actual > 0) {
      percent += Math.abs(error) / actual;
      withTrips += 1;
    }
    if (typeof lower === 'number' && typeof upper === 'number') {
      intervals += 1;
      if (actual >= lower && actual <= upper) inside += 1;
      width += upper - lower;
      missed += Math.max(0, lower - actual, actual - upper);
    }
  }
  return {
    rows,
    rmse: Math.sqrt(squares / rows),
    mae: absolute / rows,
    r2: total > 0 ? 1 - squares / total : Number.NaN,
    bias: bias / rows,
    mape: withTrips > 0 ? (100 * percent) / withTrips : Number.NaN,
    ...(intervals === rows
      ? { coverage: inside / rows, width: width / rows, winkler: (width + MISS_PRICE * missed) / rows }
      : {}),
  };
}
