import { distinctTogether } from '../clean-sample.ts';
import { below, type StatTest } from './stat-test.ts';

/**
 * Computes the two-sided Fisher's exact test of a two-by-two table.
 * Use it for two categories in small samples of equal size.
 * Formula: the share of tables with the same margins that are at most as probable as this one. With samples of equal size these
 * are the tables at least as far from an even split, so that no floating-point probabilities are compared.
 * Source: scipy.stats.fisher_exact. Drift means p < 0.1.
 */
export const fisherExact: StatTest = {
  name: 'fisher_exact',
  label: "Fisher's Exact test",
  types: ['cat'],
  threshold: 0.1,
  drifted: below,
  refusal(reference, current) {
    if (distinctTogether(reference, current, 2) > 2) {
      return 'fisher_exact compares two categories, got more; choose chisquare';
    }
    if (reference.size !== current.size) {
      return `fisher_exact needs as many values in reference as in current, got ${reference.size} and ${current.size}; choose z`;
    }
    return undefined;
  },
  score(reference, current) {
    const [key] = reference.counts.keys();
    const ours = reference.counts.get(key!) ?? 0;
    const theirs = current.counts.get(key!) ?? 0;
    return evenTableTail(reference.size, ours + theirs, Math.min(ours, theirs));
  },
};

/**
 * Returns P(the smaller share ≤ `few`) if `drawn` of 2n values are split between two samples of n. It proceeds outward from the even
 * split, by the ratio of neighbouring hypergeometric probabilities C(n, x) C(n, drawn − x).
 */
function evenTableTail(n: number, drawn: number, few: number): number {
  const middle = Math.floor(drawn / 2);
  const least = Math.max(0, drawn - n);
  let [weight, tail, total] = [1, 0, 0];
  for (let x = middle; x >= least; x--) {
    // Every table except the even split has a mirror image.
    const tables = 2 * x === drawn ? weight : 2 * weight;
    total += tables;
    if (x <= few) tail += tables;
    weight *= (x * (n - drawn + x)) / ((n - x + 1) * (drawn - x + 1));
  }
  return tail / total;
}
