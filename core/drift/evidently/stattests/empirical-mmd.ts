import { Mt19937 } from '../mt19937.ts';
import { below, numeric, type StatTest } from './stat-test.ts';

/** Sets the number of permutations in Evidently, which does not seed its generator. */
const PERMUTATIONS = 100;
const SEED = 0;
/** Limits the number of values in both samples. The time grows with its square: 6,000 values take about 3 s. */
const MOST_VALUES = 6000;

/**
 * Computes the permutation test of the maximum mean discrepancy with a Gaussian kernel.
 * Use it to detect any change of a small sample. Time grows with the square of the values, so it rejects more than 6,000.
 * Formula: MMD² = mean k(x, x') + mean k(y, y') − 2 mean k(x, y) over pairs of different values, k(a, b) = exp(−(a − b)² / 2σ²),
 * σ² half the median squared distance within reference; p = share of 100 random splits with at least this MMD².
 * Source: Evidently's empirical_mmd, in 0.4 'emperical_mmd'. Evidently draws unseeded splits; these are NumPy's for seed 0, so
 * that a report is reproducible. Drift means p < 0.1.
 */
export const empiricalMmd: StatTest = {
  name: 'empirical_mmd',
  label: 'empirical_mmd',
  types: ['num'],
  threshold: 0.1,
  drifted: below,
  refusal(reference, current) {
    if (Math.min(reference.size, current.size) < 2) return 'empirical_mmd needs two values in each sample';
    const values = reference.size + current.size;
    if (values <= MOST_VALUES) return undefined;
    return `empirical_mmd compares at most ${MOST_VALUES} values, got ${values}; choose wasserstein or ks`;
  },
  score(reference, current) {
    const [observed, ...permuted] = discrepancies(
      numeric('empirical_mmd', reference).inOrder(),
      numeric('empirical_mmd', current).inOrder(),
      PERMUTATIONS,
    ) as [number, ...number[]];
    return permuted.filter((value) => observed <= value).length / PERMUTATIONS;
  },
};

/**
 * Returns MMD² of the samples, and of `permutations` random splits of both into samples of their sizes. The kernel matrix is not
 * stored: the kernel of each pair is computed once and added to all splits.
 */
export function discrepancies(x: Float64Array, y: Float64Array, permutations: number): number[] {
  const [m, n] = [x.length, y.length];
  const total = m + n;
  const values = new Float64Array(total);
  values.set(x);
  values.set(y, m);
  const gamma = 1 / (2 * bandwidth(x) ** 2);

  const splits = permutations + 1;
  const inX = membership(m, total, permutations);
  const within = new Float64Array(splits);
  const touching = new Float64Array(splits);
  const row = new Float64Array(splits);
  let all = 0;
  for (let i = 0; i < total; i++) {
    row.fill(0);
    let rowSum = 0;
    for (let j = 0; j < i; j++) {
      const gap = squaredGap(values[i]!, values[j]!);
      const similarity = Math.exp(-gamma * gap);
      rowSum += similarity;
      for (let k = 0; k < splits; k++) row[k]! += similarity * inX[j * splits + k]!;
    }
    all += rowSum;
    for (let k = 0; k < splits; k++) {
      // Pairs (i, j < i) with both in x, and pairs with at least one in x.
      const own = inX[i * splits + k]!;
      within[k]! += own * row[k]!;
      touching[k]! += own === 1 ? rowSum : row[k]!;
    }
  }
  return Array.from(within, (xx, k) => {
    const xy = touching[k]! - xx;
    const yy = all - touching[k]!;
    return (2 * xx) / (m * (m - 1)) + (2 * yy) / (n * (n - 1)) - (2 * xy) / (m * n);
  });
}

/** Returns 1 where value i (row) is in x in split k (column). Split 0 is that of the samples. */
function membership(m: number, total: number, permutations: number): Uint8Array {
  const splits = permutations + 1;
  const inX = new Uint8Array(total * splits);
  for (let i = 0; i < m; i++) inX[i * splits] = 1;
  const generator = new Mt19937(SEED);
  for (let k = 1; k < splits; k++) {
    const order = Int32Array.from({ length: total }, (_, i) => i);
    generator.shuffle(order);
    for (let i = 0; i < m; i++) inX[order[i]! * splits + k] = 1;
  }
  return inX;
}

/** Returns σ: √ of half the median of all m² squared distances (nearest order statistic), or √½ if the median is 0. */
function bandwidth(x: Float64Array): number {
  const m = x.length;
  const pairs = new Float64Array((m * (m - 1)) / 2);
  for (let i = 0, at = 0; i < m; i++) {
    for (let j = 0; j < i; j++) pairs[at++] = squaredGap(x[i]!, x[j]!);
  }
  pairs.sort();
  // NumPy's 'nearest' rounds a half to the even rank. Among the m² distances each pair occurs twice, and each value with itself at 0.
  const position = (m * m - 1) / 2;
  const rank = m % 2 === 1 ? position : 2 * Math.round(position / 2);
  const median = rank < m ? 0 : pairs[Math.floor((rank - m) / 2)]!;
  return Math.sqrt(0.5 * (median === 0 ? 1 : median));
}

/** Returns squared distances with Evidently's order of rounding, which loses digits if values are much larger than differences. */
function squaredGap(a: number, b: number): number {
  return b * b - 2 * (a * b) + a * a;
}
