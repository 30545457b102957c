import { binnedShares, fillEmptyBins } from './bins.ts';
import { atOrAbove, type StatTest } from './stat-test.ts';

/**
 * Computes the Kullback-Leibler divergence of reference from current, in nats.
 * It measures the information lost if current describes reference. It is asymmetric and unbounded.
 * Formula: Σ p ln(p / q) over binned shares, empty bins filled, then each renormalised to 1.
 * Source: scipy.stats.entropy(p, q), Evidently's kl_div. Drift means a score of 0.1 or more.
 */
export const klDiv: StatTest = {
  name: 'kl_div',
  label: 'Kullback-Leibler divergence',
  types: ['cat', 'num'],
  threshold: 0.1,
  drifted: atOrAbove,
  score(reference, current, evidently) {
    const shares = binnedShares(reference, current, evidently);
    const p = normalised(fillEmptyBins(shares.reference));
    const q = normalised(fillEmptyBins(shares.current));
    return p.reduce((sum, share, i) => sum + klTerm(share, q[i]!), 0);
  },
};

/** Returns p ln(p / q), or 0 if p is 0. */
export function klTerm(p: number, q: number): number {
  return p === 0 ? 0 : p * Math.log(p / q);
}

function normalised(shares: readonly number[]): number[] {
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / total);
}
