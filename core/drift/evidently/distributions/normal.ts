import { lowerGamma, upperGamma } from './gamma.ts';

/** Φ(x) of the standard normal distribution; above zero it is 1 minus the tail, rounded as SciPy's `norm.cdf` rounds it. */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  const half = (x * x) / 2;
  if (Math.abs(x) < Math.SQRT2) return 0.5 + (Math.sign(x) * lowerGamma(0.5, half)) / 2;
  const tail = upperGamma(0.5, half) / 2;
  return x > 0 ? 1 - tail : tail;
}
