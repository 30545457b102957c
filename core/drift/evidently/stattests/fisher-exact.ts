import { distinctTogether } from '../sample.ts';
import { below, type StatTest } from './stat-test.ts';

/**
 * Fisher's exact test of a two-by-two table, two-sided.
 * Use: two categories, samples of one size, small enough that an exact answer matters.
 * Formula: the share of tables with the same margins that are at most as probable as this one. With samples of one size these
 * are the tables at least as far from an even split, so that no probabilities have to be compared in floating point.
 * Source: scipy.stats.fisher_exact. Drift when p < 0.1.
 */
export const fisherExact: StatTest = {
  name: 'fisher_exact',
  label: "Fisher's Exact test",
  types: ['cat'],
  threshold: 0.1,
  drifted: below,
  refusal(reference, current) {
    if (distinctTogether(reference, current, 2) > 2) {
      return 'fisher_exact compares two categories, and there are more; take chisquare';
    }
    if (reference.size !== current.size) {
      return `fisher_exact needs as many values in reference as in current, got ${reference.size} and ${current.size}; take z`;
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
 * P(the smaller share ≤ `few`) when `drawn` of 2n values fall on two samples of n: outward from the even split, by the ratio of
 * neighbouring hypergeometric probabilities C(n, x) C(n, drawn − x).
 */
function evenTableTail(n: number, drawn: number, few: number): number {
  const middle = Math.floor(drawn / 2);
  const least = Math.max(0, drawn - n);
  let [weight, tail, total] = [1, 0, 0];
  for (let x = middle; x >= least; x--) {
    // Every table has a mirror image but the even split itself.
    const tables = 2 * x === drawn ? weight : 2 * weight;
    total += tables;
    if (x <= few) tail += tables;
    weight *= (x * (n - drawn + x)) / ((n - x + 1) * (drawn - x + 1));
  }
  return tail / total;
}
