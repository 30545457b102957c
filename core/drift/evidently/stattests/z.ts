import { normalCdf } from '../distributions/normal.ts';
import { compareCategories, type CleanSample } from '../clean-sample.ts';
import type { Category } from '../drift-table.ts';
import { below, type StatTest } from './stat-test.ts';

/**
 * Computes the two-sided Z-test of two proportions.
 * Use it for a small sample of two values. With more values, it compares the smallest value with all others, as Evidently does.
 * Formula: z = (p₁ − p₂) / √(P(1 − P)(1/n₁ + 1/n₂)), P the share in both together; p = 2(1 − Φ(|z|)).
 * Source: Evidently's z_stattest. Drift means p < 0.05.
 */
export const z: StatTest = {
  name: 'z',
  label: 'Z-test p_value',
  types: ['cat'],
  threshold: 0.05,
  drifted: below,
  score(reference, current) {
    const smallest = smallestKey(reference, current);
    const [n1, n2] = [reference.size, current.size];
    const p1 = (n1 - (reference.counts.get(smallest) ?? 0)) / n1;
    const p2 = (n2 - (current.counts.get(smallest) ?? 0)) / n2;
    const together = (p1 * n1 + p2 * n2) / (n1 + n2);
    // Both samples contain only the same single value.
    if (together === 0) return 1;
    const statistic = (p1 - p2) / Math.sqrt(together * (1 - together) * (1 / n1 + 1 / n2));
    return 2 * (1 - normalCdf(Math.abs(statistic)));
  },
};

/** Counts are in ascending order of their keys. */
function smallestKey(a: CleanSample, b: CleanSample): Category {
  const [first] = a.counts.keys();
  const [second] = b.counts.keys();
  return compareCategories(first!, second!) <= 0 ? first! : second!;
}
