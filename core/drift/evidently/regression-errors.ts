/** The errors of a span's predictions, as every number of regression quality starts from them. */
import { quantile } from './moments.ts';

export interface RegressionErrors {
  /** Rows with both a finite target and a finite prediction, ascending; one an entry of what follows. */
  readonly rows: Int32Array;
  readonly target: Float64Array;
  /** prediction − target */
  readonly error: Float64Array;
  /** `error`, ascending. */
  readonly sorted: Float64Array;
  /** 5 % quantile: errors at or under it are underestimation. NaN without rows. */
  readonly low: number;
  /** 95 % quantile: errors at or over it are overestimation. */
  readonly high: number;
}

/** Share of the errors in each tail group; Evidently's. */
const TAIL = 0.05;

/** @param target and prediction of one length. */
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
