/** Tests distribution functions against SciPy 1.13.1, whose call is beside each value. */
import { describe, expect, it } from 'vitest';
import { chiSquareSurvival } from '../../../core/drift/evidently/distributions/chi-square.ts';
import { logGamma } from '../../../core/drift/evidently/distributions/gamma.ts';
import { oneSampleTail, twoSampleTail } from '../../../core/drift/evidently/distributions/kolmogorov.ts';
import { normalCdf } from '../../../core/drift/evidently/distributions/normal.ts';

function expectRelative(got: number, expected: number, tolerance: number): void {
  expect(Math.abs(got / expected - 1)).toBeLessThan(tolerance);
}

describe('distribution functions', () => {
  it.for([
    [0.5, 0.5723649429247],
    [10.5, 13.940625219403763],
    [1e6, 12815504.569147611],
  ] as const)('logGamma(%s) is scipy.special.gammaln', ([x, expected]) => {
    expectRelative(logGamma(x), expected, 1e-13);
  });

  it.for([
    [-8, 6.22096057427174e-16],
    [-1, 0.15865525393145707],
    [0, 0.5],
    [0.5, 0.6914624612740131],
    [1.96, 0.9750021048517795],
    [3.5, 0.9997673709209645],
  ] as const)('normalCdf(%s) is stats.norm.cdf', ([x, expected]) => {
    expectRelative(normalCdf(x), expected, 1e-13);
  });

  it.for([
    [0.5, 1, 0.47950012218695337],
    [3.84, 1, 0.05004352124870519],
    [10, 4, 0.04042768199451279],
    [500, 4, 6.69966744100855e-107],
    [2600, 2500, 0.07998347625192946],
  ] as const)('chiSquareSurvival(%s, %s) is stats.chi2.sf', ([x, degrees, expected]) => {
    expectRelative(chiSquareSurvival(x, degrees), expected, 1e-11);
  });

  it('has no chi-square tail without a degree of freedom', () => {
    expect(chiSquareSurvival(0, 0)).toBeNaN();
  });

  it.for([
    [15, 0.2, 0.5220497790075043],
    [15, 0.35, 0.03795702863147343],
    [15, 0.6, 1.0785491655291762e-5],
    [100, 0.1, 0.2526927570063874],
    [140, 0.11, 0.06252511429470399],
    [500, 0.02, 0.9859871786857471],
    [500, 0.05, 0.15866260223815365],
    [500, 0.08, 0.0031305058199356268],
    [5000, 0.01, 0.6954557253913853],
    [5000, 0.02, 0.03613941395325637],
    [909_091, 0.001, 0.3230402485827535],
    [909_091, 0.002, 0.0013865746674117524],
  ] as const)('oneSampleTail(%s, %s) is stats.kstwo.sf', ([n, d, expected]) => {
    expectRelative(oneSampleTail(n, d), expected, 1e-8);
  });

  it('counts lattice paths: of the 6 from (0, 0) to (2, 2), the two along the edges reach a gap of 2', () => {
    expect(twoSampleTail(2, 2, 4)).toBeCloseTo(2 / 6, 15);
    expect(twoSampleTail(2, 2, 0)).toBe(1);
  });
});
