/** Shares of both samples in common bins, as Evidently cuts them. */
import type { CleanSample } from '../sample.ts';
import type { EvidentlyVersion } from './stat-test.ts';

export interface Shares {
  readonly reference: readonly number[];
  /** Same bins, same order. */
  readonly current: readonly number[];
}

/** Up to so many distinct values of reference, each value is a bin of its own. */
const MOST_VALUE_BINS = 20;

/** Numbers with more than 20 distinct values in reference: Sturges' bins over both samples together; otherwise one bin a value. */
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

/** One bin a value that either sample holds. */
export function sharesByValue(reference: CleanSample, current: CleanSample): Shares {
  const keys = [...new Set([...reference.counts.keys(), ...current.counts.keys()])];
  return {
    reference: keys.map((key) => (reference.counts.get(key) ?? 0) / reference.size),
    current: keys.map((key) => (current.counts.get(key) ?? 0) / current.size),
  };
}

/**
 * Edges of numpy.histogram_bin_edges(values, 'sturges'): ⌈log₂ n + 1⌉ bins of one width, in the same order of rounding.
 * @param wholeWidths NumPy's way with integers from version 2 on: bins at least 1 wide.
 */
export function sturgesEdges(min: number, max: number, count: number, wholeWidths = false): number[] {
  if (min === max) return [min - 0.5, max + 0.5];
  const sturges = (max - min) / (Math.log2(count) + 1);
  const width = wholeWidths ? Math.max(1, sturges) : sturges;
  const bins = Math.ceil((max - min) / width);
  const step = (max - min) / bins;
  return Array.from({ length: bins + 1 }, (_, i) => (i === bins ? max : i * step + min));
}

/** Counts per bin [edge, next edge), the last bin closed. `sorted` is ascending. */
export function histogram(sorted: Float64Array, edges: readonly number[]): number[] {
  const positions = edges.map((edge, i) => firstAt(sorted, edge, i === edges.length - 1));
  return positions.slice(1).map((position, i) => position - positions[i]!);
}

/** Index of the first value ≥ edge, or > edge when `after`. */
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

/** Evidently's fill of an empty bin, and the share below which it takes a millionth of the smallest instead. */
const FILL = 1e-4;

/** Empty bins get 1e-4, or a millionth of the smallest share where that is at most 1e-4. Not renormalised. */
export function fillEmptyBins(shares: readonly number[]): number[] {
  // A loop, since a spread of a million categories would overflow the stack.
  let smallest = Infinity;
  for (const share of shares) if (share > 0 && share < smallest) smallest = share;
  const fill = smallest <= FILL ? smallest / 1e6 : FILL;
  return shares.map((share) => (share === 0 ? fill : share));
}
