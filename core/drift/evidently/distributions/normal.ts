import { lowerGamma, upperGamma } from './gamma.ts';

/** Returns Φ(x) of the standard normal distribution. Above zero it is 1 minus the tail, with the rounding of SciPy's `norm.cdf`. */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  const half = (x * x) / 2;
  if (Math.abs(x) < Math.SQRT2) return 0.5 + (Math.sign(x) * lowerGamma(0.5, half)) / 2;
  const tail = upperGamma(0.5, half) / 2;
  return x > 0 ? 1 - tail : tail;
}
