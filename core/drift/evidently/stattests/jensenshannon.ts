import { binnedShares } from './bins.ts';
import { klTerm } from './kl-div.ts';
import { atOrAbove, type StatTest } from './stat-test.ts';

/**
 * Computes the Jensen-Shannon distance between binned shares, with the natural logarithm.
 * Use it for large samples of categories or of few distinct numbers. It is bounded by √ln 2, and defined for empty bins.
 * Formula: √((KL(p‖m) + KL(q‖m)) / 2), m = (p + q) / 2; empty bins stay empty.
 * Source: scipy.spatial.distance.jensenshannon. Drift means a score of 0.1 or more.
 */
export const jensenshannon: StatTest = {
  name: 'jensenshannon',
  label: 'Jensen-Shannon distance',
  types: ['cat', 'num'],
  threshold: 0.1,
  drifted: atOrAbove,
  score(reference, current, evidently) {
    const shares = binnedShares(reference, current, evidently);
    let [left, right] = [0, 0];
    for (const [i, p] of shares.reference.entries()) {
      const q = shares.current[i]!;
      const middle = (p + q) / 2;
      left += klTerm(p, middle);
      right += klTerm(q, middle);
    }
    // Rounding can make a sum of equal shares slightly negative.
    return Math.sqrt(Math.max(0, left + right) / 2);
  },
};
