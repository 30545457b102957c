import { oneSampleTail, twoSampleTail } from '../distributions/kolmogorov.ts';
import { atOrBelow, numeric, type StatTest } from './stat-test.ts';

/** Limits the size of the larger sample for which SciPy's `ks_2samp` computes exactly. */
const LARGEST_EXACT = 10_000;

/**
 * Computes the two-sided, two-sample Kolmogorov-Smirnov test.
 * Use it for small samples of a quantity. It detects any change of the distribution.
 * Formula: D = max |F_reference(x) − F_current(x)|; p = P(D' ≥ D) if both come from one distribution.
 * Source: scipy.stats.ks_2samp, method 'auto'. Drift means p ≤ 0.05.
 */
export const ks: StatTest = {
  name: 'ks',
  label: 'K-S p_value',
  types: ['num'],
  threshold: 0.05,
  drifted: atOrBelow,
  score(reference, current) {
    const a = numeric('ks', reference).sorted;
    const b = numeric('ks', current).sorted;
    const gap = widestGap(a, b);
    const [m, n] = [Math.max(a.length, b.length), Math.min(a.length, b.length)];
    if (m <= LARGEST_EXACT) return twoSampleTail(m, n, gap);
    return oneSampleTail(roundHalfEven((m * n) / (m + n)), gap / (m * n));
  },
};

/** Returns max |i·n − j·m| over the pooled values, where i and j count the values of each sample up to that value. */
function widestGap(a: Float64Array, b: Float64Array): number {
  let [i, j, widest] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i]!, b[j]!);
    while (i < a.length && a[i] === value) i += 1;
    while (j < b.length && b[j] === value) j += 1;
    widest = Math.max(widest, Math.abs(i * b.length - j * a.length));
  }
  return widest;
}

/** Rounds half to even, as NumPy does. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
