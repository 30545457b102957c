/** Means and spreads; NaN where there are too few values, as NumPy gives. */

export function mean(values: Float64Array): number {
  return pairwiseSum(values, 0, values.length, sumOfBlock) / values.length;
}

/** In two passes. @param ddof 0 for the population's, 1 for the sample's. */
export function standardDeviation(values: Float64Array, center: number, ddof: 0 | 1): number {
  if (values.length <= ddof) return NaN;
  const squares = new Float64Array(BLOCK);
  const sumOfSquares = (block: Float64Array, from: number, to: number): number => {
    for (let at = from; at < to; at++) squares[at - from] = (block[at]! - center) * (block[at]! - center);
    return sumOfBlock(squares, 0, to - from);
  };
  return Math.sqrt(pairwiseSum(values, 0, values.length, sumOfSquares) / (values.length - ddof));
}

/** Length up to which NumPy adds in eight running sums instead of halving further. */
const BLOCK = 128;

/** Sum over values[from … to − 1] in NumPy's order, whose rounding shows where values are large against their differences. */
function pairwiseSum(values: Float64Array, from: number, to: number, sumOf: typeof sumOfBlock): number {
  const length = to - from;
  if (length <= BLOCK) return sumOf(values, from, to);
  const half = Math.floor(length / 2);
  const middle = from + half - (half % 8);
  return pairwiseSum(values, from, middle, sumOf) + pairwiseSum(values, middle, to, sumOf);
}

function sumOfBlock(values: Float64Array, from: number, to: number): number {
  let at = from;
  let sum = 0;
  if (to - from >= 8) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    let e = 0;
    let f = 0;
    let g = 0;
    let h = 0;
    for (; at + 8 <= to; at += 8) {
      a += values[at]!;
      b += values[at + 1]!;
      c += values[at + 2]!;
      d += values[at + 3]!;
      e += values[at + 4]!;
      f += values[at + 5]!;
      g += values[at + 6]!;
      h += values[at + 7]!;
    }
    sum = a + b + (c + d) + (e + f + (g + h));
  }
  for (; at < to; at++) sum += values[at]!;
  return sum;
}

/** Linear between order statistics, as numpy.quantile's default, interpolated from the nearer end as NumPy does. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const position = (sorted.length - 1) * q;
  const index = Math.floor(position);
  const share = position - index;
  const [low, high] = [sorted[index]!, sorted[Math.min(index + 1, sorted.length - 1)]!];
  return share >= 0.5 ? high - (high - low) * (1 - share) : low + (high - low) * share;
}

/** JSON has no NaN and no infinities. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
