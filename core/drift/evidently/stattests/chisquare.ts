import { chiSquareSurvival } from '../distributions/chi-square.ts';
import { sharesByValue } from './bins.ts';
import { below, type StatTest } from './stat-test.ts';

/**
 * Computes Pearson's chi-square test of current counts with those expected from reference.
 * Use it for categories, or for a small sample of few distinct numbers. A new value in current gives p = 0, and a single value gives NaN.
 * Formula: Σ (observed − expected)² / expected, expected = reference count · n_current / n_reference, values − 1 degrees of freedom.
 * Source: scipy.stats.chisquare. Drift means p < 0.05.
 */
export const chisquare: StatTest = {
  name: 'chisquare',
  label: 'chi-square p_value',
  types: ['cat'],
  threshold: 0.05,
  drifted: below,
  score(reference, current) {
    const shares = sharesByValue(reference, current);
    let statistic = 0;
    for (const [i, share] of shares.reference.entries()) {
      const expected = share * current.size;
      const observed = shares.current[i]! * current.size;
      statistic += (observed - expected) ** 2 / expected;
    }
    return chiSquareSurvival(statistic, shares.reference.length - 1);
  },
};
