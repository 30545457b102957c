import { chiSquareSurvival } from '../distributions/chi-square.ts';
import { below, type StatTest } from './stat-test.ts';

/**
 * Computes the G-test (log-likelihood ratio) of current counts with those of reference.
 * Use it like chisquare, for samples of equal size; SciPy rejects others too. A new value in current gives p = 0, a single value NaN.
 * Formula: 2 Σ observed · ln(observed / expected), expected = reference count, values − 1 degrees of freedom.
 * Source: scipy.stats.power_divergence, 'log-likelihood'. Drift means p < 0.1.
 */
export const gTest: StatTest = {
  name: 'g_test',
  label: 'g_test',
  types: ['cat'],
  threshold: 0.1,
  drifted: below,
  refusal(reference, current) {
    if (reference.size === current.size) return undefined;
    return `g_test needs as many values in reference as in current, got ${reference.size} and ${current.size}; choose chisquare`;
  },
  score(reference, current) {
    const keys = new Set([...reference.counts.keys(), ...current.counts.keys()]);
    let statistic = 0;
    for (const key of keys) {
      const observed = current.counts.get(key) ?? 0;
      if (observed > 0) statistic += 2 * observed * Math.log(observed / (reference.counts.get(key) ?? 0));
    }
    return chiSquareSurvival(Math.max(0, statistic), keys.size - 1);
  },
};
