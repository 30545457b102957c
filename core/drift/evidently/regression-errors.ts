/** Computes the errors of a span's predictions, from which all regression metrics are derived. */
import { quantile } from './moments.ts';

export interface RegressionErrors {
  /** Indices of rows with a finite target and prediction, ascending. The arrays below have one entry per index. */
  readonly rows: Int32Array;
  readonly target: Float64Array;
  /** prediction − target */
  readonly error: Float64Array;
  /** `error` in ascending order. */
  readonly sorted: Float64Array;
  /** 5 % quantile. Errors at or below it are underestimation. It is NaN without rows. */
  readonly low: number;
  /** 95 % quantile. Errors at or above it are overestimation. */
  readonly high: number;
}

/** Is the share of the errors in each tail group, as in Evidently. */
const TAIL = 0.05;

/** @param target target values. @param prediction predictions, as many as targets. */
export function regressionErrors(target: Float64Array, prediction: Float64Array): RegressionErrors {
  const rows = new Int32Array(target.length);
  const actual = new Float64Array(target.length);
  const error = new Float64Array(target.length);
  let size = 0;
  for (let row = 0; row < target.length; row++) {
    if (!Number.isFinite(target[row]) || !Number.isFinite(prediction[row])) continue;
    rows[size] = row;
    actual[size] = target[row]!;
    error[size] = prediction[row]! - target[row]!;
    size += 1;
  }
  const errors = error.subarray(0, size);
  const sorted = errors.toSorted();
  return {
    rows: rows.subarray(0, size),
    target: actual.subarray(0, size),
    error: errors,
    sorted,
    low: quantile(sorted, TAIL),
    high: quantile(sorted, 1 - TAIL),
  };
}
