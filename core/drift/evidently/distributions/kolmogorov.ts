/**
 * Computes tails of the Kolmogorov-Smirnov statistic: exact ones for two samples, and those of one sample of size n, which approximate
 * two large samples. The choice of formula follows SciPy's `ks_2samp` and `kstwo.sf`, so that p-values agree.
 */
import { logGamma } from './gamma.ts';

/**
 * Returns P(D ≥ gap / (m·n)) for two samples of m and n values without ties: the share of lattice paths from (0, 0) to (m, n) that
 * reach |i·n − j·m| ≥ gap. It adds only positive terms, so small tails are exact too (Hodges 1957; the recursion of R's `psmirnov`).
 * @param gap maximum of |i·n − j·m|, which is the statistic times m·n, an integer.
 */
export function twoSampleTail(m: number, n: number, gap: number): number {
  if (gap <= 0) return 1;
  const reached = new Float64Array(n + 1);
  for (let j = 1; j <= n; j++) reached[j] = j * m >= gap ? 1 : reached[j - 1]!;
  for (let i = 1; i <= m; i++) {
    if (i * n >= gap) reached[0] = 1;
    for (let j = 1; j <= n; j++) {
      reached[j] = Math.abs(i * n - j * m) >= gap ? 1 : (i * reached[j]! + j * reached[j - 1]!) / (i + j);
    }
  }
  return reached[n]!;
}

/** Returns P(D_n > d) of the one-sample two-sided statistic (Simard & L'Ecuyer 2011). */
export function oneSampleTail(n: number, d: number): number {
  if (Number.isNaN(d)) return NaN;
  if (d >= 1) return 0;
  if (n * d <= 0.5) return 1;
  const scaled = n * d * d;
  // Beyond these values the two one-sided events do not overlap in double precision.
  if (d >= 0.5 || scaled > (n <= LARGEST_MATRIX ? 4 : 2.2)) return Math.min(1, 2 * oneSidedTail(n, d));
  return n <= LARGEST_MATRIX ? 1 - durbinMatrix(n, d) : pelzGoodTail(n, d);
}

/** Limits the sample size for which SciPy computes exactly. */
const LARGEST_MATRIX = 140;

/** Returns P(D_n⁺ ≥ d) by Smirnov's sum (Birnbaum & Tingey 1951), in logarithms. */
function oneSidedTail(n: number, d: number): number {
  const last = Math.floor(n * (1 - d));
  const logFactorial = logGamma(n + 1);
  let sum = 0;
  for (let j = 0; j <= last; j++) {
    const below = 1 - d - j / n;
    if (below <= 0) continue;
    const logTerm =
      logFactorial -
      logGamma(j + 1) -
      logGamma(n - j + 1) +
      (j - 1) * Math.log(d + j / n) +
      (n - j) * Math.log(below);
    sum += Math.exp(logTerm);
  }
  return d * sum;
}

/** Returns P(D_n < d) by Durbin's matrix (Marsaglia, Tsang & Wang 2003). For n ≤ 140 no intermediate result overflows. */
function durbinMatrix(n: number, d: number): number {
  const k = Math.ceil(n * d);
  const h = k - n * d;
  const size = 2 * k - 1;
  const matrix = Array.from({ length: size }, (_, row) =>
    Float64Array.from({ length: size }, (_, column) => {
      const gap = row - column + 1;
      if (gap < 0) return 0;
      let value = 1;
      if (column === 0) value -= h ** (row + 1);
      if (row === size - 1) value -= h ** (size - column);
      if (column === 0 && row === size - 1) value += Math.max(2 * h - 1, 0) ** size;
      return value / Math.exp(logGamma(gap + 1));
    }),
  );
  // Multiplying by the factors of n!/nⁿ one by one keeps the product within range.
  let vector = new Float64Array(size);
  vector[k - 1] = 1;
  for (let step = 1; step <= n; step++) {
    const next = new Float64Array(size);
    for (let row = 0; row < size; row++) {
      const weight = (vector[row]! * step) / n;
      if (weight === 0) continue;
      for (let column = 0; column < size; column++) next[column]! += weight * matrix[row]![column]!;
    }
    vector = next;
  }
  return vector[k - 1]!;
}

/** Returns P(D_n > d) by the four-term expansion of Pelz & Good (1976), for n > 140 and n·d² below 2.2. */
function pelzGoodTail(n: number, d: number): number {
  const z = Math.sqrt(n) * d;
  const [z2, z4, z6, z8] = [z ** 2, z ** 4, z ** 6, z ** 8];
  const pi2 = Math.PI ** 2;
  const sums = [0, 0, 0, 0] as [number, number, number, number];
  const terms = Math.ceil((16 * z) / Math.PI) + 1;
  for (let k = terms; k >= 1; k--) {
    // Half-integer multiples: u = (2k − 1)² π² / 4.
    const u = ((2 * k - 1) ** 2 * pi2) / 4;
    const weight = Math.exp(-u / (2 * z2));
    sums[0] += weight;
    sums[1] += weight * (u - z2);
    sums[2] += weight * (6 * z6 + 2 * z4 + (2 * z4 - 5 * z2) * u + (1 - 2 * z2) * u ** 2);
    sums[3] +=
      weight *
      (-30 * z6 -
        90 * z8 +
        (135 * z4 - 96 * z6) * u +
        (212 * z4 - 60 * z2) * u ** 2 +
        (5 - 30 * z2) * u ** 3);
    // Integer multiples: v = k² π².
    const v = k ** 2 * pi2;
    const other = Math.exp(-v / (2 * z2));
    sums[2] -= other * 2 * z4 * v;
    sums[3] += other * 30 * z4 * v * (3 * z2 - v);
  }
  const root = Math.sqrt(2 * Math.PI);
  const cdf =
    (root * sums[0]) / z +
    (root * sums[1]) / (6 * z4 * Math.sqrt(n)) +
    (root * sums[2]) / (72 * z ** 7 * n) +
    (root * sums[3]) / (6480 * z ** 10 * n ** 1.5);
  return Math.min(1, Math.max(0, 1 - cdf));
}
