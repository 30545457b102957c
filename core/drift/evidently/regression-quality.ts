import { finiteOrNull, mean, standardDeviation } from './moments.ts';
import type { RegressionErrors } from './regression-errors.ts';

/** Represents the mean and standard deviation (ddof 1) of the errors of a group of rows. Null if the group is too small. */
interface ErrorGroup {
  readonly mean_error: number | null;
  readonly std_error: number | null;
}

/** Represents regression metrics with Evidently's names, in the unit of the target by default. Null if there are too few rows. */
export interface RegressionQuality {
  /** Number of rows with target and prediction. */
  readonly rows: number;
  /** Mean of the target, for relative errors. Evidently does not have it. */
  readonly target_mean: number | null;
  readonly r2_score: number | null;
  readonly rmse: number | null;
  /** Mean of prediction − target. */
  readonly mean_error: number | null;
  readonly mean_abs_error: number | null;
  /** Percent. */
  readonly mean_abs_perc_error: number | null;
  readonly abs_error_max: number | null;
  readonly error_std: number | null;
  readonly abs_error_std: number | null;
  /** Fraction instead of percent, as in Evidently. */
  readonly abs_perc_error_std: number | null;
  readonly underperformance: {
    /** Rows between the 5 % and the 95 % quantile of the error. */
    readonly majority: ErrorGroup;
    /** Rows at or below the 5 % quantile. */
    readonly underestimation: ErrorGroup;
    /** Rows at or above the 95 % quantile. */
    readonly overestimation: ErrorGroup;
  };
}

/**
 * Computes the quality of predictions. Standard deviations have ddof 1. The denominator of a percentage is at least ε, so a target of
 * zero gives about 1e17, as in Evidently.
 */
export function regressionQuality({ rows, target, error, low, high }: RegressionErrors): RegressionQuality {
  const absolute = error.map(Math.abs);
  const fraction = absolute.map((value, i) => value / Math.max(Math.abs(target[i]!), Number.EPSILON));
  const meanError = mean(error);
  return {
    rows: rows.length,
    target_mean: finiteOrNull(mean(target)),
    r2_score: finiteOrNull(rSquared(target, error)),
    rmse: finiteOrNull(Math.sqrt(mean(error.map((value) => value * value)))),
    mean_error: finiteOrNull(meanError),
    mean_abs_error: finiteOrNull(mean(absolute)),
    mean_abs_perc_error: finiteOrNull(100 * mean(fraction)),
    abs_error_max: finiteOrNull(absolute.reduce((max, value) => Math.max(max, value), -Infinity)),
    error_std: finiteOrNull(standardDeviation(error, meanError, 1)),
    abs_error_std: finiteOrNull(standardDeviation(absolute, mean(absolute), 1)),
    abs_perc_error_std: finiteOrNull(standardDeviation(fraction, mean(fraction), 1)),
    underperformance: {
      majority: errorGroup(error.filter((value) => value > low && value < high)),
      underestimation: errorGroup(error.filter((value) => value <= low)),
      overestimation: errorGroup(error.filter((value) => value >= high)),
    },
  };
}

function errorGroup(errors: Float64Array): ErrorGroup {
  const center = mean(errors);
  return {
    mean_error: finiteOrNull(center),
    std_error: finiteOrNull(standardDeviation(errors, center, 1)),
  };
}

/** Returns scikit-learn's r2_score. For a constant target it is 1 if exact and 0 otherwise; it needs two rows. */
function rSquared(actual: Float64Array, error: Float64Array): number {
  if (actual.length < 2) return NaN;
  const center = mean(actual);
  const total = actual.reduce((sum, value) => sum + (value - center) ** 2, 0);
  const residual = error.reduce((sum, value) => sum + value * value, 0);
  if (total === 0) return residual === 0 ? 1 : 0;
  return 1 - residual / total;
}
