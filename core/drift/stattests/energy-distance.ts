import { areaBetween } from './wasserstein.ts';
import { above, numeric, type StatTest } from './stat-test.ts';

/**
 * Energy distance, in the square root of the column's unit.
 * Use: as wasserstein, but not normed: its threshold means something only for columns of one known scale.
 * Formula: √(2 ∫ (F_reference(x) − F_current(x))² dx).
 * Source: scipy.stats.energy_distance. Drift when > 0.1.
 */
export const energyDistance: StatTest = {
  name: 'ed',
  label: 'Energy-distance',
  types: ['num'],
  threshold: 0.1,
  drifted: above,
  score(reference, current) {
    const [a, b] = [numeric('ed', reference), numeric('ed', current)];
    return Math.sqrt(2 * areaBetween(a.sorted, b.sorted, (gap) => gap * gap));
  },
};
