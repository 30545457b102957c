import { chiSquareSurvival } from '../distributions/chi-square.ts';
import { symmetricEigen } from '../distributions/symmetric-eigen.ts';
import { mean, quantile } from '../moments.ts';
import { mergeSorted } from '../clean-sample.ts';
import { below, numeric, type StatTest } from './stat-test.ts';

/** Lists the points of the characteristic function in semi-interquartile ranges, as in the paper and SciPy. */
const POINTS = [0.4, 0.8] as const;
/** Eigenvalues below this share of the largest count as zero, as in numpy.linalg.pinv. */
const PINV_CUTOFF = 1e-15;
/** Sets the minimum number of values in each sample, as in SciPy. */
const FEWEST = 5;
/** The statistic is corrected if the larger sample is smaller than this. */
const LARGE_SAMPLE = 25;

/**
 * Computes the two-sided Epps-Singleton test.
 * Use it like ks, also for discrete values. It compares characteristic functions. It rejects samples whose middle half is constant.
 * Formula: W = N Δᵀ Ŝ⁺ Δ. Δ is the difference of the mean cosines and sines of t x / σ at t = 0.4, 0.8, and σ is half the
 * interquartile range of both samples. Ŝ is the sum of their covariances; p of χ² has the rank of Ŝ as its degrees of freedom.
 * Source: scipy.stats.epps_singleton_2samp. Drift means p < 0.05.
 */
export const eppsSingleton: StatTest = {
  name: 'es',
  label: 'Epps-Singleton',
  types: ['num'],
  threshold: 0.05,
  drifted: below,
  refusal(reference, current) {
    if (Math.min(reference.size, current.size) < FEWEST)
      return `es needs ${FEWEST} values in each sample; choose ks`;
    const [a, b] = [numeric('es', reference).sorted, numeric('es', current).sorted];
    if (interquartileRange(a, b) > 0) return undefined;
    return 'es needs values that differ in the middle half of both samples together (their interquartile range is 0); choose psi';
  },
  score(reference, current) {
    const [a, b] = [numeric('es', reference).sorted, numeric('es', current).sorted];
    const [m, n] = [a.length, b.length];
    const total = m + n;
    const sigma = interquartileRange(a, b) / 2;
    const [x, y] = [waves(a, sigma), waves(b, sigma)];
    const covariance = x.covariance.map((line, i) =>
      line.map((value, j) => (total / m) * value + (total / n) * y.covariance[i]![j]!),
    );
    const difference = x.means.map((value, i) => value - y.means[i]!);
    const { values, vectors } = symmetricEigen(covariance);
    const smallest = PINV_CUTOFF * Math.max(...values.map(Math.abs));
    let [statistic, rank] = [0, 0];
    for (const [k, value] of values.entries()) {
      if (Math.abs(value) <= smallest) continue;
      rank += 1;
      const along = difference.reduce((sum, gap, i) => sum + gap * vectors[i]![k]!, 0);
      statistic += (total * along ** 2) / value;
    }
    if (Math.max(m, n) < LARGE_SAMPLE) {
      statistic /= 1 + total ** -0.45 + 10.1 * (m ** -1.7 + n ** -1.7);
    }
    return chiSquareSurvival(Math.max(0, statistic), rank);
  },
};

function interquartileRange(a: Float64Array, b: Float64Array): number {
  const both = mergeSorted(a, b);
  return quantile(both, 0.75) - quantile(both, 0.25);
}

interface Waves {
  readonly means: readonly number[];
  /** Biased covariance (ddof 0), as the test defines it. */
  readonly covariance: readonly (readonly number[])[];
}

/** Returns means and covariance of cos(tx/σ) at each point, then of sin(tx/σ). */
function waves(values: Float64Array, sigma: number): Waves {
  const lines = [Math.cos, Math.sin].flatMap((wave) =>
    POINTS.map((point) => values.map((value) => wave((point / sigma) * value))),
  );
  const means = lines.map((line) => mean(line));
  for (const [i, line] of lines.entries()) for (let k = 0; k < line.length; k++) line[k]! -= means[i]!;
  const covariance = lines.map((left) =>
    lines.map((right) => {
      let sum = 0;
      for (let k = 0; k < left.length; k++) sum += left[k]! * right[k]!;
      return sum / values.length;
    }),
  );
  return { means, covariance };
}
