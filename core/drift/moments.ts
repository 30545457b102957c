/** Means and spreads; NaN where there are too few values, as NumPy gives. */

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** In two passes. @param ddof 0 for the population's, 1 for the sample's. */
export function standardDeviation(values: ArrayLike<number>, center: number, ddof: 0 | 1): number {
  if (values.length <= ddof) return NaN;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - center) ** 2;
  return Math.sqrt(sum / (values.length - ddof));
}

/** Linear between order statistics, as numpy.quantile's default, interpolated from the nearer end as NumPy does. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const position = (sorted.length - 1) * q;
  const index = Math.floor(position);
  const share = position - index;
  const [low, high] = [sorted[index]!, sorted[Math.min(index + 1, sorted.length - 1)]!];
  return share >= 0.5 ? high - (high - low) * (1 - share) : low + (high - low) * share;
}
