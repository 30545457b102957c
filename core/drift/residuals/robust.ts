/** Centre and spread that single wild values do not move. */

/** NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle]!;
  return (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export interface Spread {
  readonly centre: number;
  /** Standard deviation of a normal sample with this median absolute deviation. */
  readonly deviation: number;
}

/** 1 / Φ⁻¹(3/4) */
const NORMAL_MAD = 1.4826;

export function spreadOf(values: readonly number[]): Spread {
  const centre = median(values);
  return { centre, deviation: NORMAL_MAD * median(values.map((value) => Math.abs(value - centre))) };
}
