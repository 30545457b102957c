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
    return areaBetween(a.sorted, b.sorted) / Math.max(a.deviation, SMALLEST_NORM);
  },
};

/** ∫ weight(|F_a − F_b|) over the pooled values, both sorted ascending; equal values add a strip of no width. */
export function areaBetween(a: Float64Array, b: Float64Array, weight?: (gap: number) => number): number {
  let [i, j, area] = [0, 0, 0];
  let previous = Math.min(a[0]!, b[0]!);
  while (i < a.length || j < b.length) {
    const fromA = j >= b.length || (i < a.length && a[i]! <= b[j]!);
    const value = fromA ? a[i]! : b[j]!;
    const gap = Math.abs(i / a.length - j / b.length);
    area += (weight ? weight(gap) : gap) * (value - previous);
    previous = value;
    if (fromA) i += 1;
    else j += 1;
  }
  return area;
}
