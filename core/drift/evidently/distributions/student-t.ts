import { logGamma } from './gamma.ts';

/** Returns P(|T| > |t|) of Student's distribution: the regularised incomplete beta I_x(df/2, 1/2) at x = df / (df + t²). */
export function studentTwoSided(t: number, degreesOfFreedom: number): number {
  if (Number.isNaN(t) || degreesOfFreedom <= 0) return NaN;
  if (!Number.isFinite(t)) return 0;
  const total = degreesOfFreedom + t * t;
  return incompleteBeta(degreesOfFreedom / 2, 0.5, degreesOfFreedom / total, (t * t) / total);
}

/** @param rest 1 − x, as a parameter because the difference would lose digits. */
function incompleteBeta(a: number, b: number, x: number, rest: number): number {
  if (x === 0) return 0;
  if (rest === 0) return 1;
  const factor = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(rest));
  // The fraction converges fast on one side of the mean, and the function is symmetric.
  if (x < (a + 1) / (a + b + 2)) return (factor * betaFraction(a, b, x)) / a;
  return 1 - (factor * betaFraction(b, a, rest)) / b;
}

const PRECISION = 1e-16;
const MAX_TERMS = 10_000;
const TINY = 1e-300;

/** Computes the continued fraction of the incomplete beta by Lentz's method (Abramowitz & Stegun 26.5.8). */
function betaFraction(a: number, b: number, x: number): number {
  const step = (d: number, coefficient: number) => 1 / awayFromZero(1 + coefficient * d);
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < MAX_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = step(d, even);
    c = awayFromZero(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = step(d, odd);
    c = awayFromZero(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < PRECISION) break;
  }
  return fraction;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
