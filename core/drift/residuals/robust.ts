/** Computes centre and spread robustly, so that single outliers have little effect. */

/** Returns the median, or NaN without values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle]!;
  return (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export interface Spread {
  readonly centre: number;
  /** Estimates the standard deviation of a normal distribution from the median absolute deviation. */
  readonly deviation: number;
}

/** Equals 1 / Φ⁻¹(3/4). */
const NORMAL_MAD = 1.4826;

export function spreadOf(values: readonly number[]): Spread {
  const centre = median(values);
  return { centre, deviation: NORMAL_MAD * median(values.map((value) => Math.abs(value - centre))) };
}
