import { binnedShares, fillEmptyBins } from './bins.ts';
import { atOrAbove, type StatTest } from './stat-test.ts';

/**
 * Computes the population stability index.
 * It is the finance industry's measure of a shifted population, symmetric and unbounded.
 * Formula: Σ (p − q) ln(p / q) over binned shares, empty bins filled, not renormalised.
 * Source: Evidently's psi. Drift means a score of 0.1 or more.
 */
export const psi: StatTest = {
  name: 'psi',
  label: 'PSI',
  types: ['cat', 'num'],
  threshold: 0.1,
  drifted: atOrAbove,
  score(reference, current, evidently) {
    const shares = binnedShares(reference, current, evidently);
    const [p, q] = [fillEmptyBins(shares.reference), fillEmptyBins(shares.current)];
    return p.reduce((sum, share, i) => sum + (share - q[i]!) * Math.log(share / q[i]!), 0);
  },
};
