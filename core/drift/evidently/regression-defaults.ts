import { finiteOrNull, mean, quantile, standardDeviation } from './moments.ts';
import type { RegressionErrors } from './regression-errors.ts';

/** Represents the scores of the best constant on the same rows, as a baseline. Names are Evidently's. It is null without rows. */
export interface RegressionDefaults {
  /** RMSE of the mean of the target. */
  readonly rmse_default: number | null;
  /** Standard deviation of the model's errors (ddof 1), with which a mean error is compared. */
  readonly me_default_sigma: number | null;
  /** MAE of the median of the target. */
  readonly mean_abs_error_default: number | null;
  /** Percent, for the best constant: the median weighted by 1 / target. Null if every target is 0. */
  readonly mean_abs_perc_error_default: number | null;
  /** Largest absolute error of the median. */
  readonly abs_error_max_default: number | null;
}

export function regressionDefaults({ target, error }: RegressionErrors): RegressionDefaults {
  const sorted = target.toSorted();
  const median = quantile(sorted, 0.5);
  const gaps = target.map((value) => Math.abs(value - median));
  const constant = percentageConstant(target);
  const percentages = target.map(
    (value) => Math.abs(value - constant) / Math.max(Math.abs(value), Number.EPSILON),
  );
  return {
    rmse_default: finiteOrNull(standardDeviation(target, mean(target), 0)),
    me_default_sigma: finiteOrNull(standardDeviation(error, mean(error), 1)),
    mean_abs_error_default: finiteOrNull(mean(gaps)),
    mean_abs_perc_error_default: finiteOrNull(100 * mean(percentages)),
    abs_error_max_default: finiteOrNull(gaps.reduce((most, gap) => Math.max(most, gap), -Infinity)),
  };
}

/** Returns the first target, in ascending order of 1 / target, that exceeds half of Σ 1 / target. NaN if all targets are 0. */
function percentageConstant(target: Float64Array): number {
  const present = target.filter((value) => value !== 0);
  const inverse = present.map((value) => 1 / value);
  const total = inverse.reduce((sum, value) => sum + value, 0);
  const weights = inverse.map((value) => value / total);
  const order = new Uint32Array(present.length).map((_, i) => i).sort((i, j) => weights[i]! - weights[j]!);
  let reached = 0;
  for (const i of order) {
    reached += weights[i]!;
    if (reached > 0.5) return present[i]!;
  }
  return NaN;
}
