import { above, numeric, type StatTest } from './stat-test.ts';

/**
 * Computes the energy distance, in the square root of the column's unit.
 * Use it like wasserstein. It is not normed. Its threshold is meaningful only for columns of a known scale.
 * Formula: √(2 ∫ (F_reference(x) − F_current(x))² dx).
 * Source: scipy.stats.energy_distance. Drift means a score above 0.1.
 */
export const energyDistance: StatTest = {
  name: 'ed',
  label: 'Energy-distance',
  types: ['num'],
  threshold: 0.1,
  drifted: above,
  score(reference, current) {
    const [a, b] = [numeric('ed', reference), numeric('ed', current)];
    return Math.sqrt(2 * squareBetween(a.sorted, b.sorted));
  },
};

/** Returns ∫ (F_a − F_b)² over the pooled values of two ascending samples. */
function squareBetween(a: Float64Array, b: Float64Array): number {
  let [i, j, area] = [0, 0, 0];
  let previous = Math.min(a[0]!, b[0]!);
  while (i < a.length || j < b.length) {
    const fromA = j >= b.length || (i < a.length && a[i]! <= b[j]!);
    const value = fromA ? a[i]! : b[j]!;
    const gap = i / a.length - j / b.length;
    area += gap * gap * (value - previous);
    previous = value;
    if (fromA) i += 1;
    else j += 1;
  }
  return area;
}
