/** Tests numerics against NumPy 1.26.4 and SciPy 1.13.1, whose call is beside each value. */
import { describe, expect, it } from 'vitest';
import { besselKQuarter } from '../../../core/drift/evidently/distributions/bessel-k.ts';
import { normalQuantile } from '../../../core/drift/evidently/distributions/normal-quantile.ts';
import { symmetricEigen } from '../../../core/drift/evidently/distributions/symmetric-eigen.ts';
import { Mt19937 } from '../../../core/drift/evidently/mt19937.ts';
import { sortedFinite } from '../../../core/drift/evidently/sorted-finite.ts';

describe('numerics', () => {
  it('draws the permutation of np.random.RandomState(0).permutation(10)', () => {
    const values = Int32Array.from({ length: 10 }, (_, i) => i);
    new Mt19937(0).shuffle(values);
    expect([...values]).toEqual([2, 8, 4, 9, 1, 6, 7, 3, 0, 5]);
  });

  it.for([
    [1e-10, -6.361340902404056],
    [0.001, -3.090232306167813],
    [0.02, -2.053748910631823],
    [0.3, -0.5244005127080409],
    [0.5, 0.0],
    [0.9, 1.2815515655446004],
    [0.999999, 4.753424308817087],
  ] as const)('normalQuantile(%s) is stats.norm.ppf', ([p, expected]) => {
    expect(Math.abs(normalQuantile(p) - expected)).toBeLessThan(4e-15 * Math.max(1, Math.abs(expected)));
  });

  it.for([
    [0.001, 11.756476271934451],
    [0.05, 3.5877375452640217],
    [1.5, 0.21735815698179464],
    [3.0, 0.03505705608941313],
    [20.0, 5.750002072403683e-10],
  ] as const)('besselKQuarter(%s) is special.kv(0.25, x)', ([x, expected]) => {
    expect(Math.abs(besselKQuarter(x) / expected - 1)).toBeLessThan(2e-15);
  });

  it('finds the eigenvalues 1 and 3 of ((2, 1), (1, 2))', () => {
    const { values } = symmetricEigen([
      [2, 1],
      [1, 2],
    ]);
    expect(values.toSorted()).toEqual([expect.closeTo(1, 14), expect.closeTo(3, 14)]);
  });

  const special = [0, -0, Infinity, NaN, -Infinity, 5e-324, -5e-324];
  it.for([
    ['of many magnitudes', (i: number) => Math.sin(i) * 10 ** ((i % 41) - 20)],
    // These values agree in all the bits that the radix sort reads.
    ['close to each other', (i: number) => 1.7e12 + ((i * 7919) % 50_000)],
  ] as const)('sorts large arrays %s as the engine does, without infinities and NaN', ([, value]) => {
    const values = Float64Array.from({ length: 50_000 }, (_, i) => value(i));
    values.set(special, 7);
    const expected = values.filter((x) => Number.isFinite(x)).sort();
    expect(sortedFinite(values)).toEqual(expected);
  });
});
