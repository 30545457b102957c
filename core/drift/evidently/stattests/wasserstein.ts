import { atOrAbove, numeric, type StatTest } from './stat-test.ts';

/** Evidently's floor of the divisor, for constant references. */
const SMALLEST_NORM = 0.001;

/**
 * First Wasserstein (earth mover's) distance in standard deviations of reference.
 * Use: large samples of a quantity; tells how far values moved, where a p-value would call any difference significant.
 * Formula: ∫ |F_reference(x) − F_current(x)| dx / max(σ_reference, 0.001), σ with ddof 0.
 * Source: scipy.stats.wasserstein_distance, Evidently's wasserstein_distance_norm. Drift when ≥ 0.1.
 */
export const wasserstein: StatTest = {
  name: 'wasserstein',
  label: 'Wasserstein distance (normed)',
  types: ['num'],
  threshold: 0.1,
  drifted: atOrAbove,
  score(reference, current) {
    const a = numeric('wasserstein', reference);
    const b = numeric('wasserstein', current);
    return meanShift(a.sorted, b.sorted) / Math.max(a.deviation, SMALLEST_NORM);
  },
};

/**
 * The same area taken sideways: ∫ |Q_a(p) − Q_b(p)| dp over the quantile functions, both samples sorted ascending. Its strips end at
 * multiples of 1/|a| and 1/|b| whatever the values are, which a processor foresees: ten times faster than merging values.
 */
function meanShift(a: Float64Array, b: Float64Array): number {
  // p in steps of 1 / (|a| · |b|): whole numbers, and exact.
  let [i, j, p, area] = [0, 0, 0, 0];
  let endA = b.length;
  let endB = a.length;
  while (i < a.length && j < b.length) {
    const end = endA < endB ? endA : endB;
    area += (end - p) * Math.abs(a[i]! - b[j]!);
    p = end;
    if (endA === end) {
      i += 1;
      endA += b.length;
    }
    if (endB === end) {
      j += 1;
      endB += a.length;
    }
  }
  return area / (a.length * b.length);
}
