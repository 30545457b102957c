import { distinctTogether } from '../sample.ts';
import { histogram, sharesByValue, sturgesEdges, type Shares } from './bins.ts';
import { atOrAbove, type StatTest } from './stat-test.ts';

/**
 * Hellinger distance between binned shares.
 * Use: bounded by 1, kind to empty bins. Numbers are always binned, by Sturges over the distinct values of both samples.
 * Formula: √(1 − Σ √(p q)).
 * Source: Evidently's hellinger_distance. Drift when ≥ 0.1.
 */
export const hellinger: StatTest = {
  name: 'hellinger',
  label: 'Hellinger distance',
  types: ['cat', 'num'],
  threshold: 0.1,
  drifted: atOrAbove,
  score(reference, current) {
    const shares: Shares =
      reference.type === 'num' && current.type === 'num'
        ? sharesInBins(reference.sorted, current.sorted, distinctTogether(reference, current, Infinity))
        : sharesByValue(reference, current);
    const overlap = shares.reference.reduce((sum, p, i) => sum + Math.sqrt(p * shares.current[i]!), 0);
    return Math.sqrt(1 - Math.min(1, overlap));
  },
};

function sharesInBins(reference: Float64Array, current: Float64Array, distinct: number): Shares {
  const min = Math.min(reference[0]!, current[0]!);
  const max = Math.max(reference.at(-1)!, current.at(-1)!);
  const edges = sturgesEdges(min, max, distinct);
  return {
    reference: histogram(reference, edges).map((count) => count / reference.length),
    current: histogram(current, edges).map((count) => count / current.length),
  };
}
