import { studentTwoSided } from '../distributions/student-t.ts';
import { mean, standardDeviation } from '../moments.ts';
import { below, numeric, type StatTest } from './stat-test.ts';

/**
 * Computes the two-sided Student's t-test of two means, with equal variances.
 * Use it for a shift of the mean in samples that are large or about normal. Constants in both samples give NaN.
 * Formula: t = (m₁ − m₂) / √(s² (1/n₁ + 1/n₂)), s² pooled with ddof 1, n₁ + n₂ − 2 degrees of freedom.
 * Source: scipy.stats.ttest_ind. Drift means p < 0.05.
 */
export const tTest: StatTest = {
  name: 't_test',
  label: 't_test',
  types: ['num'],
  threshold: 0.05,
  drifted: below,
  score(reference, current) {
    const sides = [reference, current].map((sample) => {
      // The order of rows makes sums round as in NumPy.
      const values = numeric('t_test', sample).inOrder();
      const center = mean(values);
      return { n: values.length, center, squares: standardDeviation(values, center, 0) ** 2 * values.length };
    });
    const [a, b] = sides as [(typeof sides)[number], (typeof sides)[number]];
    const degrees = a.n + b.n - 2;
    const variance = (a.squares + b.squares) / degrees;
    return studentTwoSided((a.center - b.center) / Math.sqrt(variance * (1 / a.n + 1 / b.n)), degrees);
  },
};
