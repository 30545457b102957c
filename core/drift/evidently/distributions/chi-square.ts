import { upperGamma } from './gamma.ts';

/** P(X > x) of the chi-square distribution; NaN without a degree of freedom, as SciPy's `chi2.sf`. */
export function chiSquareSurvival(x: number, degreesOfFreedom: number): number {
  return upperGamma(degreesOfFreedom / 2, x / 2);
}
