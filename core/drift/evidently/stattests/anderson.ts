import { below, numeric, type StatTest } from './stat-test.ts';

/** Holds the parabola of ln p by the statistic, fitted to Scholz & Stephens' table 2: np.polyfit(critical, np.log(significance), 2). */
const [SQUARE, SLOPE, LEVEL] = [0.018198094574111343, -1.0082265644652515, -1.077770279820486];
/** Holds the smallest and largest critical value of that table, and the limits of its p-values. */
const [LEAST, GREATEST] = [0.325, 6.546];
const [MOST_P, LEAST_P] = [0.25, 0.001];

/**
 * Computes the two-sample Anderson-Darling test.
 * Use it like ks, with more weight on the tails. It needs two distinct values. Its p-value is interpolated and within 0.001 … 0.25.
 * Formula: A² = (N − 1)/N Σ_samples 1/n Σ_values l (N M − B n)² / (N (B (N − B) − N l / 4)) with mid-ranks, normed by its
 * mean 1 and its variance; l counts a value in both samples, B and M are the mid-ranks in both and in the one.
 * Source: scipy.stats.anderson_ksamp (Scholz & Stephens 1987). Drift means p < 0.1.
 */
export const anderson: StatTest = {
  name: 'anderson',
  label: 'Anderson-Darling',
  types: ['num'],
  threshold: 0.1,
  drifted: below,
  refusal(reference, current) {
    const [a, b] = [numeric('anderson', reference).sorted, numeric('anderson', current).sorted];
    const lowest = Math.min(a[0]!, b[0]!);
    if (lowest === Math.max(a.at(-1)!, b.at(-1)!)) return 'anderson needs two distinct values; choose psi';
    return a.length + b.length < 4
      ? 'anderson needs four values in both samples together; choose ks'
      : undefined;
  },
  score(reference, current) {
    const statistic = andersonStatistic(
      numeric('anderson', reference).sorted,
      numeric('anderson', current).sorted,
    );
    if (statistic < LEAST) return MOST_P;
    if (statistic > GREATEST) return LEAST_P;
    return Math.exp((SQUARE * statistic + SLOPE) * statistic + LEVEL);
  },
};

/** Returns A² of two ascending samples. NaN counts as the largest value, as in NumPy's order. */
function andersonStatistic(a: Float64Array, b: Float64Array): number {
  const [m, n] = [a.length, b.length];
  const total = m + n;
  let [i, j, sumA, sumB] = [0, 0, 0, 0];
  while (i < m || j < n) {
    const [i0, j0] = [i, j];
    const fromA = j >= n || (i < m && (a[i]! <= b[j]! || Number.isNaN(b[j])));
    const value = fromA ? a[i]! : b[j]!;
    while (i < m && isSame(a[i]!, value)) i += 1;
    while (j < n && isSame(b[j]!, value)) j += 1;
    const both = i - i0 + j - j0;
    const middle = i0 + j0 + both / 2;
    const spread = middle * (total - middle) - (total * both) / 4;
    const weight = both / total;
    sumA += (weight * (total * ((i + i0) / 2) - middle * m) ** 2) / spread;
    sumB += (weight * (total * ((j + j0) / 2) - middle * n) ** 2) / spread;
  }
  const squared = ((sumA / m + sumB / n) * (total - 1)) / total;
  return (squared - 1) / Math.sqrt(varianceOf(m, n));
}

/** Returns the variance of A² for two samples without ties (Scholz & Stephens 1987, equation 4, k = 2). */
function varianceOf(m: number, n: number): number {
  const total = m + n;
  const H = 1 / m + 1 / n;
  let [harmonic, g] = [0, 0];
  for (let i = 2; i < total; i++) {
    harmonic += 1 / (total - i + 1);
    g += harmonic / i;
  }
  const h = harmonic + 1;
  const a = 4 * g - 6 + (10 - 6 * g) * H;
  const b = (2 * g - 4) * 4 + 16 * h + (2 * g - 14 * h - 4) * H - 8 * h + 4 * g - 6;
  const c = (6 * h + 2 * g - 2) * 4 + (4 * h - 4 * g + 6) * 2 + (2 * h - 6) * H + 4 * h;
  const d = (2 * h + 6) * 4 - 8 * h;
  return (((a * total + b) * total + c) * total + d) / ((total - 1) * (total - 2) * (total - 3));
}

function isSame(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}
