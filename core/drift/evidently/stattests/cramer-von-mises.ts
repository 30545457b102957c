import { exactTail, limitingCdf } from '../distributions/cramer-von-mises.ts';
import { atOrBelow, numeric, type StatTest } from './stat-test.ts';

/** Limits the size of the larger sample for which Evidently counts exactly. */
const LARGEST_EXACT = 20;
/** Is the normed statistic below which the distribution function is 0 in double precision, as in SciPy. */
const LEAST_STATISTIC = 0.003;

/**
 * Computes the two-sample Cramér-von Mises test.
 * Use it like ks. It uses all differences between the distributions instead of the largest. It needs two values in each sample.
 * Formula: T = U / (n m (n + m)) − (4 n m − 1) / (6 (n + m)), U = n Σ (r_i − i)² + m Σ (s_j − j)² from mid-ranks r and s.
 * Source: scipy.stats.cramervonmises_2samp, method 'auto', in Evidently's copy. Drift means p ≤ 0.1.
 */
export const cramerVonMises: StatTest = {
  name: 'cramer_von_mises',
  label: 'Cramer-von Mises',
  types: ['num'],
  threshold: 0.1,
  drifted: atOrBelow,
  refusal(reference, current) {
    if (Math.min(reference.size, current.size) >= 2) return undefined;
    return 'cramer_von_mises needs two values in each sample; choose ks';
  },
  score(reference, current, evidently) {
    const a = numeric('cramer_von_mises', reference).sorted;
    const b = numeric('cramer_von_mises', current).sorted;
    const [m, n] = [a.length, b.length];
    const u = rankStatistic(a, b);
    if (Math.max(m, n) <= LARGEST_EXACT) return exactTail(u, m, n, evidently === '0.7');
    const [pairs, total] = [m * n, m + n];
    const statistic = u / (pairs * total) - (4 * pairs - 1) / (6 * total);
    const mean = (1 + 1 / total) / 6;
    const spread = (total + 1) * (4 * pairs * total - 3 * (m ** 2 + n ** 2) - 2 * pairs);
    const variance = spread / (45 * total ** 2 * 4 * pairs);
    const normed = 1 / 6 + (statistic - mean) / Math.sqrt(45 * variance);
    return normed < LEAST_STATISTIC ? 1 : Math.max(0, 1 - limitingCdf(normed));
  },
};

/** Returns m Σ (r_i − i)² + n Σ (s_j − j)², where r and s are mid-ranks in both samples together. */
function rankStatistic(a: Float64Array, b: Float64Array): number {
  let [i, j, sumA, sumB] = [0, 0, 0, 0];
  while (i < a.length || j < b.length) {
    const value = j >= b.length || (i < a.length && a[i]! <= b[j]!) ? a[i]! : b[j]!;
    const before = i + j;
    const [i0, j0] = [i, j];
    while (i < a.length && a[i] === value) i += 1;
    while (j < b.length && b[j] === value) j += 1;
    const rank = (before + 1 + i + j) / 2;
    for (let k = i0; k < i; k++) sumA += (rank - k - 1) ** 2;
    for (let k = j0; k < j; k++) sumB += (rank - k - 1) ** 2;
  }
  return a.length * sumA + b.length * sumB;
}
