/** Means and spreads; NaN where there are too few values, as NumPy gives. */

export function mean(values: Float64Array): number {
  return pairwiseSum(values, (value) => value, 0, values.length) / values.length;
}

/** In two passes. @param ddof 0 for the population's, 1 for the sample's. */
export function standardDeviation(values: Float64Array, center: number, ddof: 0 | 1): number {
  if (values.length <= ddof) return NaN;
  const squares = pairwiseSum(values, (value) => (value - center) * (value - center), 0, values.length);
  return Math.sqrt(squares / (values.length - ddof));
}

/** Length up to which NumPy adds in eight running sums instead of halving further. */
const BLOCK = 128;

/** Sum of `term` of values[from … to − 1] in NumPy's order, whose rounding shows where values are large against their differences. */
function pairwiseSum(
  values: Float64Array,
  term: (value: number) => number,
  from: number,
  to: number,
): number {
  const length = to - from;
  if (length > BLOCK) {
    const half = Math.floor(length / 2);
    const middle = from + half - (half % 8);
    return pairwiseSum(values, term, from, middle) + pairwiseSum(values, term, middle, to);
  }
  let at = from;
  let sum = 0;
  if (length >= 8) {
    const r = new Float64Array(8);
    for (; at + 8 <= to; at += 8) for (let k = 0; k < 8; k++) r[k]! += term(values[at + k]!);
    sum = r[0]! + r[1]! + (r[2]! + r[3]!) + (r[4]! + r[5]! + (r[6]! + r[7]!));
  }
  for (; at < to; at++) sum += term(values[at]!);
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
