import { normalCdf } from '../distributions/normal.ts';
import { below, numeric, type StatTest } from './stat-test.ts';

/** SciPy counts exactly if the smaller sample has at most this many values and there are no ties. */
const LARGEST_EXACT = 8;

/**
 * Computes the one-sided Mann-Whitney U test: whether reference tends to be below current.
 * It detects only a shift upwards. A shift downwards gives p near 1, as in Evidently.
 * Formula: U₁ = R₁ − n₁(n₁ + 1)/2 from mid-ranks; p = P(U ≤ U₁), by the normal distribution with tie and continuity correction.
 * Source: scipy.stats.mannwhitneyu, alternative 'less'. Drift means p < 0.05.
 */
export const mannWhitney: StatTest = {
  name: 'mannw',
  label: 'Mann-Whitney U-rank test',
  types: ['num'],
  threshold: 0.05,
  drifted: below,
  score(reference, current) {
    const a = numeric('mannw', reference).sorted;
    const b = numeric('mannw', current).sorted;
    const { u, ties } = rankStatistic(a, b);
    const [m, n] = [a.length, b.length];
    if (ties === 0 && Math.min(m, n) <= LARGEST_EXACT) return exactAtMost(u, m, n);
    const all = m + n;
    const deviation = Math.sqrt(((m * n) / 12) * (all + 1 - ties / (all * (all - 1))));
    return normalCdf((u - (m * n) / 2 + 0.5) / deviation);
  },
};

/** Returns U of `a` (pairs in which its value is larger; ties count half) and Σ (t³ − t) over groups of t equal values. */
function rankStatistic(a: Float64Array, b: Float64Array): { u: number; ties: number } {
  let [i, j, u, ties] = [0, 0, 0, 0];
  while (i < a.length || j < b.length) {
    const value = j >= b.length || (i < a.length && a[i]! <= b[j]!) ? a[i]! : b[j]!;
    const [i0, j0] = [i, j];
    while (i < a.length && a[i] === value) i += 1;
    while (j < b.length && b[j] === value) j += 1;
    u += (i - i0) * (j0 + (j - j0) / 2);
    const equal = i - i0 + j - j0;
    ties += equal ** 3 - equal;
  }
  return { u, ties };
}

/** Returns P(U ≤ u) for m and n values without ties, from the number of orders with each U (Mann & Whitney 1947). */
function exactAtMost(u: number, m: number, n: number): number {
  const [few, many] = [Math.min(m, n), Math.max(m, n)];
  // Coefficients of the Gaussian binomial: multiply by (1 − q^(many + k)), divide by (1 − q^k).
  const orders = new Float64Array(m * n + 1);
  orders[0] = 1;
  for (let k = 1; k <= few; k++) {
    for (let s = orders.length - 1; s >= many + k; s--) orders[s]! -= orders[s - many - k]!;
    for (let s = k; s < orders.length; s++) orders[s]! += orders[s - k]!;
  }
  const total = orders.reduce((sum, count) => sum + count, 0);
  return orders.subarray(0, u + 1).reduce((sum, count) => sum + count, 0) / total;
}
