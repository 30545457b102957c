/** Computes shares of both samples in common bins, with Evidently's edges. */
import type { CleanSample } from '../clean-sample.ts';
import type { EvidentlyVersion } from './stat-test.ts';

export interface Shares {
  readonly reference: readonly number[];
  /** Shares in the same bins and order. */
  readonly current: readonly number[];
}

/** Limits the number of distinct values of reference for which each value is a bin. */
const MOST_VALUE_BINS = 20;

/** Uses Sturges' bins over both samples for numbers with more than 20 distinct values in reference, else one bin per value. */
export function binnedShares(
  reference: CleanSample,
  current: CleanSample,
  evidently?: EvidentlyVersion,
): Shares {
  if (reference.type === 'num' && current.type === 'num' && reference.distinct > MOST_VALUE_BINS) {
    const edges = sturgesEdges(
      Math.min(reference.sorted[0]!, current.sorted[0]!),
      Math.max(reference.sorted.at(-1)!, current.sorted.at(-1)!),
      reference.size + current.size,
      evidently === '0.7' && reference.integers && current.integers,
    );
    return {
      reference: histogram(reference.sorted, edges).map((count) => count / reference.size),
      current: histogram(current.sorted, edges).map((count) => count / current.size),
    };
  }
  return sharesByValue(reference, current);
}

/** Uses one bin per value of either sample. */
export function sharesByValue(reference: CleanSample, current: CleanSample): Shares {
  const keys = [...new Set([...reference.counts.keys(), ...current.counts.keys()])];
  return {
    reference: keys.map((key) => (reference.counts.get(key) ?? 0) / reference.size),
    current: keys.map((key) => (current.counts.get(key) ?? 0) / current.size),
  };
}

/**
 * Returns the edges of numpy.histogram_bin_edges(values, 'sturges'): ⌈log₂ n + 1⌉ bins of one width, with the same order of rounding.
 * @param wholeWidths makes bins at least 1 wide, as NumPy does for integers from version 2.
 */
export function sturgesEdges(min: number, max: number, count: number, wholeWidths = false): number[] {
  if (min === max) return [min - 0.5, max + 0.5];
  const sturges = (max - min) / (Math.log2(count) + 1);
  const width = wholeWidths ? Math.max(1, sturges) : sturges;
  const bins = Math.ceil((max - min) / width);
  const step = (max - min) / bins;
  return Array.from({ length: bins + 1 }, (_, i) => (i === bins ? max : i * step + min));
}

/** Counts values per bin [edge, next edge); the last bin is closed. `sorted` is ascending. */
export function histogram(sorted: Float64Array, edges: readonly number[]): number[] {
  const positions = edges.map((edge, i) => firstAt(sorted, edge, i === edges.length - 1));
  return positions.slice(1).map((position, i) => position - positions[i]!);
}

/** Returns the index of the first value ≥ edge, or > edge if `after`. */
function firstAt(sorted: Float64Array, edge: number, after: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = sorted[middle]!;
    if (value < edge || (after && value === edge)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Is the share of an empty bin in Evidently. If the smallest share is not larger, a millionth of the smallest is used. */
const FILL = 1e-4;

/** Fills empty bins with 1e-4, or with a millionth of the smallest share if that is at most 1e-4. It does not renormalise. */
export function fillEmptyBins(shares: readonly number[]): number[] {
  // A spread of a million categories would overflow the stack, so this is a loop.
  let smallest = Infinity;
  for (const share of shares) if (share > 0 && share < smallest) smallest = share;
  const fill = smallest <= FILL ? smallest / 1e6 : FILL;
  return shares.map((share) => (share === 0 ? fill : share));
}
