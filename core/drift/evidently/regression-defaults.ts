import { finiteOrNull, mean, quantile, standardDeviation } from './moments.ts';
import type { RegressionErrors } from './regression-errors.ts';

/** What the best constant would score on the same rows: what a model must beat. Names are Evidently's; null without rows. */
export interface RegressionDefaults {
  /** Of the mean of the target. */
  readonly rmse_default: number | null;
  /** Standard deviation of the model's own errors, ddof 1: the width that a mean error is held against. */
  readonly me_default_sigma: number | null;
  /** Of the median of the target. */
  readonly mean_abs_error_default: number | null;
  /** Percent, of the constant that is best for it: the median weighted by 1 / target. null where every target is 0. */
  readonly mean_abs_perc_error_default: number | null;
  /** Of the median of the target. */
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

/** The first target, by rising 1 / target, at which more than half of Σ 1 / target is reached; NaN without a target but 0. */
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
