import { upperGamma } from './gamma.ts';

/** Returns P(X > x) of the chi-square distribution, or NaN without a degree of freedom, like SciPy's `chi2.sf`. */
export function chiSquareSurvival(x: number, degreesOfFreedom: number): number {
  return upperGamma(degreesOfFreedom / 2, x / 2);
}
