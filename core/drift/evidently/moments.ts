/** Computes means and standard deviations. They are NaN for too few values, as in NumPy. */

export function mean(values: Float64Array): number {
  return pairwiseSum(values, 0, values.length, sumOfBlock) / values.length;
}

/** Computes the standard deviation in two passes. @param ddof 0 for a population, 1 for a sample. */
export function standardDeviation(values: Float64Array, center: number, ddof: 0 | 1): number {
  if (values.length <= ddof) return NaN;
  const squares = new Float64Array(BLOCK);
  const sumOfSquares = (block: Float64Array, from: number, to: number): number => {
    for (let at = from; at < to; at++) squares[at - from] = (block[at]! - center) * (block[at]! - center);
    return sumOfBlock(squares, 0, to - from);
  };
  return Math.sqrt(pairwiseSum(values, 0, values.length, sumOfSquares) / (values.length - ddof));
}

/** Limits the length that NumPy adds in eight running sums instead of halving. */
const BLOCK = 128;

/** Sums values[from … to − 1] in NumPy's order. Its rounding matters if values are much larger than their differences. */
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

/** Returns a quantile by linear interpolation from the nearer order statistic, like the default of numpy.quantile. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const position = (sorted.length - 1) * q;
  const index = Math.floor(position);
  const share = position - index;
  const [low, high] = [sorted[index]!, sorted[Math.min(index + 1, sorted.length - 1)]!];
  return share >= 0.5 ? high - (high - low) * (1 - share) : low + (high - low) * share;
}

/** Returns null for NaN and infinities, which JSON does not have. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
