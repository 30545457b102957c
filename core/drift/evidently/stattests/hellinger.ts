import { distinctTogether, type NumericSample } from '../clean-sample.ts';
import { histogram, sharesByValue, sturgesEdges, type Shares } from './bins.ts';
import { atOrAbove, type EvidentlyVersion, type StatTest } from './stat-test.ts';

/**
 * Computes the Hellinger distance between binned shares.
 * It is bounded by 1, and defined for empty bins. Numbers are always binned, by Sturges over the distinct values of both samples.
 * Formula: √(1 − Σ √(p q)).
 * Source: Evidently's hellinger_distance. Drift means a score of 0.1 or more.
 */
export const hellinger: StatTest = {
  name: 'hellinger',
  label: 'Hellinger distance',
  types: ['cat', 'num'],
  threshold: 0.1,
  drifted: atOrAbove,
  score(reference, current, evidently) {
    const overlap =
      reference.type === 'num' && current.type === 'num'
        ? overlapOfDensities(reference, current, evidently)
        : sumOf(sharesByValue(reference, current), (p, q) => Math.sqrt(p * q));
    return Math.sqrt(1 - Math.min(1, overlap));
  },
};

function sumOf({ reference, current }: Shares, term: (p: number, q: number) => number): number {
  return reference.reduce((sum, p, i) => sum + term(p, current[i]!), 0);
}

/** Uses densities and widths as Evidently does, because a distance near 0 is the square root of a rounding error. */
function overlapOfDensities(
  reference: NumericSample,
  current: NumericSample,
  evidently: EvidentlyVersion | undefined,
): number {
  const [a, b] = [reference.sorted, current.sorted];
  const edges = sturgesEdges(
    Math.min(a[0]!, b[0]!),
    Math.max(a.at(-1)!, b.at(-1)!),
    distinctTogether(reference, current, Infinity),
    evidently === '0.7' && reference.integers && current.integers,
  );
  const width = (edges.at(-1)! - edges[0]!) / (edges.length - 1);
  const densities = (sorted: Float64Array) =>
    histogram(sorted, edges).map((count, i) => count / (edges[i + 1]! - edges[i]!) / sorted.length);
  return sumOf({ reference: densities(a), current: densities(b) }, (p, q) => Math.sqrt(p * q) * width);
}
