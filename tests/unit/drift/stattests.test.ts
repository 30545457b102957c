/** Tests scores against SciPy 1.13.1 and NumPy 1.26.4, whose calls are in comments. */
import { describe, expect, it } from 'vitest';
import { columnDrift } from '../../../core/drift/evidently/column-drift.ts';
import { sampleOf, type CleanSample } from '../../../core/drift/evidently/clean-sample.ts';
import { binnedShares, fillEmptyBins, sturgesEdges } from '../../../core/drift/evidently/stattests/bins.ts';
import { chooseTest, testNamed } from '../../../core/drift/evidently/stattests/choose-test.ts';
import type { Category } from '../../../core/drift/evidently/drift-table.ts';

const numbers = (values: readonly number[]) => sampleOf({ type: 'num', values: Float64Array.from(values) });
const categories = (values: readonly (Category | null)[]) => sampleOf({ type: 'cat', values });
const repeat = <T>(value: T, times: number) => Array<T>(times).fill(value);
const range = (length: number, at: (i: number) => number = (i) => i) =>
  Array.from({ length }, (_, i) => at(i));
const score = (test: string, reference: CleanSample, current: CleanSample) =>
  testNamed(test).score(reference, current);

describe('scores', () => {
  it('ks: stats.ks_2samp of 7 and 9 values', () => {
    const p = score(
      'ks',
      numbers([1.1, 2.2, 3.3, 4.4, 5.5, 6.6, 7.7]),
      numbers([2, 3, 4, 5, 6, 7, 8, 9, 10.5]),
    );
    expect(p).toBeCloseTo(0.6475524475524476, 12);
  });

  it('ks: stats.ks_2samp with ties', () => {
    const p = score('ks', numbers([1, 1, 2, 2, 3, 3, 4]), numbers([2, 2, 3, 3, 4, 4, 5, 5]));
    expect(p).toBeCloseTo(0.5846153846153846, 12);
  });

  it('ks: beyond 10,000 values, where SciPy approximates', () => {
    // The call is ks_2samp(np.arange(500) % 97, np.arange(12000) % 101).
    const mixed = score('ks', numbers(range(500, (i) => i % 97)), numbers(range(12_000, (i) => i % 101)));
    expect(mixed).toBeCloseTo(0.4365444932784466, 7);
    // The call is ks_2samp(np.arange(20000) / 20000, np.arange(20000) / 20000 + 0.012).
    const large = score(
      'ks',
      numbers(range(20_000, (i) => i / 20_000)),
      numbers(range(20_000, (i) => i / 20_000 + 0.012)),
    );
    expect(large).toBeCloseTo(0.10870406504778596, 7);
  });

  it('chisquare: stats.chisquare([10, 20, 30], [18, 24, 18])', () => {
    const reference = [...repeat('a', 15), ...repeat('b', 20), ...repeat('c', 15)];
    const current = [...repeat('a', 10), ...repeat('b', 20), ...repeat('c', 30)];
    const p = score('chisquare', categories(reference), categories(current));
    expect(p).toBeCloseTo(0.002218084904320256, 14);
  });

  it('chisquare: a category new in current leaves no doubt', () => {
    expect(score('chisquare', categories(['a', 'b']), categories(['a', 'b', 'c']))).toBe(0);
  });

  it('z: 30 of 50 against 15 of 40', () => {
    const reference = categories([...repeat(1, 30), ...repeat(0, 20)]);
    const current = categories([...repeat(1, 15), ...repeat(0, 25)]);
    expect(score('z', reference, current)).toBeCloseTo(0.03389485352468924, 14);
  });

  it('z: one value on both sides is no difference', () => {
    expect(score('z', categories(['x', 'x']), categories(['x']))).toBe(1);
  });

  it('wasserstein: stats.wasserstein_distance([0, 1, 3], [5, 6, 8, 9]) / np.std([0, 1, 3])', () => {
    expect(score('wasserstein', numbers([0, 1, 3]), numbers([5, 6, 8, 9]))).toBeCloseTo(
      4.543441112511214,
      12,
    );
  });

  it('wasserstein: a constant reference is divided by 0.001', () => {
    expect(score('wasserstein', numbers([2, 2]), numbers([5, 5]))).toBeCloseTo(3000, 9);
  });

  // Shares are .5 .3 .2 0 and four times .25.
  const uneven = categories([...repeat('a', 5), ...repeat('b', 3), ...repeat('c', 2)]);
  const even = categories(['a', 'b', 'c', 'd']);

  it('jensenshannon: scipy.spatial.distance.jensenshannon([.5, .3, .2, 0], [.25] * 4)', () => {
    expect(score('jensenshannon', uneven, even)).toBeCloseTo(0.33228071285271976, 14);
  });

  it('psi: np.sum((p - q) * np.log(p / q)) with the empty bin at 1e-4', () => {
    expect(score('psi', uneven, even)).toBeCloseTo(2.148789148658382, 12);
  });

  it('kl_div: stats.entropy([.5, .3, .2, 1e-4], [.25] * 4)', () => {
    expect(score('kl_div', uneven, even)).toBeCloseTo(0.3557233651178863, 12);
  });
});

describe('scores of tests that the automatic choice never uses', () => {
  const a = numbers([1.1, 2.2, 3.3, 4.4, 5.5, 6.6, 7.7]);
  const b = numbers([2, 3, 4, 5, 6, 7, 8, 9, 10.5]);

  it('mannw: stats.mannwhitneyu(a, b, alternative="less"), exact for 7 values without ties', () => {
    expect(score('mannw', a, b)).toBeCloseTo(0.14956293706293708, 13);
  });

  it('mannw: by the normal law with ties', () => {
    // The call is stats.mannwhitneyu([1, 1, 2, 2, 3, 3, 4], [2, 2, 3, 3, 4, 4, 5, 5], alternative="less").
    const tied = score('mannw', numbers([1, 1, 2, 2, 3, 3, 4]), numbers([2, 2, 3, 3, 4, 4, 5, 5]));
    expect(tied).toBeCloseTo(0.04286049100691223, 13);
  });

  it('t_test: stats.ttest_ind(a, b)', () => {
    expect(score('t_test', a, b)).toBeCloseTo(0.23499186284709975, 13);
  });

  it('ed: stats.energy_distance(a, b)', () => {
    expect(score('ed', a, b)).toBeCloseTo(0.8175758895032326, 13);
  });

  it('g_test: stats.power_divergence([10, 20, 30], [20, 20, 20], lambda_="log-likelihood")', () => {
    const reference = categories([...repeat('a', 20), ...repeat('b', 20), ...repeat('c', 20)]);
    const current = categories([...repeat('a', 10), ...repeat('b', 20), ...repeat('c', 30)]);
    expect(score('g_test', reference, current)).toBeCloseTo(0.005340257332066883, 14);
  });

  it('hellinger: halves against all in one is √(1 − √½)', () => {
    expect(score('hellinger', categories(['x', 'y']), categories(['x']))).toBeCloseTo(
      Math.sqrt(1 - Math.SQRT1_2),
      14,
    );
  });
});

describe('bins', () => {
  it("are np.histogram_bin_edges(..., 'sturges') for many values", () => {
    expect(sturgesEdges(0, 36, 25)).toEqual([0, 6, 12, 18, 24, 30, 36]);
    expect(sturgesEdges(0, 15, 16)).toEqual([0, 3, 6, 9, 12, 15]);
  });

  it('are one per value up to 20 distinct values of reference, regardless of current', () => {
    expect(binnedShares(numbers(range(20)), numbers(range(30))).reference).toHaveLength(30);
    expect(binnedShares(numbers(range(21)), numbers(range(30))).reference).toHaveLength(7);
  });

  it('that are empty get a millionth of the smallest share if that is at most 1e-4', () => {
    expect(fillEmptyBins([0.99995, 0.00005, 0])[2]).toBeCloseTo(5e-11, 20);
    expect(fillEmptyBins([0.5, 0.5, 0])[2]).toBe(1e-4);
  });
});

describe('the choice of a test', () => {
  it.for([
    ['ks', numbers(range(1000)), numbers(range(5))],
    ['wasserstein', numbers(range(1001)), numbers(range(5))],
    ['chisquare', numbers(range(1000, (i) => i % 5)), numbers([0])],
    ['ks', numbers(range(1000, (i) => i % 5)), numbers([5])],
    ['jensenshannon', numbers(range(1001, (i) => i % 5)), numbers([0])],
    ['wasserstein', numbers(range(1001, (i) => i % 5)), numbers([5])],
    ['z', numbers([0, 1]), numbers([1])],
    ['z', categories(['a']), categories(['b'])],
    ['chisquare', categories(['a', 'b']), categories(['c'])],
    ['jensenshannon', categories(range(1001).map(String)), categories(['a'])],
  ] as const)(
    'is %s by type, size of reference and distinct values of both',
    ([name, reference, current]) => {
      expect(chooseTest(reference, current).name).toBe(name);
    },
  );

  it('omits infinities and missing values from the count', () => {
    const reference = numbers([...range(1000), NaN, Infinity, -Infinity]);
    expect(reference.size).toBe(1000);
    expect(chooseTest(reference, numbers([1])).name).toBe('ks');
  });
});

describe('the drift of a column', () => {
  it('is no drift when one side has no value, and says so', () => {
    expect(columnDrift('TMAX', numbers([1, 2]), numbers([NaN]))).toMatchObject({
      drift_score: null,
      drift_detected: false,
      note: 'no value in current',
    });
  });

  it('is no drift when the test has no answer', () => {
    const constant = categories(['x', 'x']);
    expect(columnDrift('c', constant, constant, { test: 'chisquare' })).toMatchObject({
      drift_score: null,
      drift_detected: false,
    });
  });

  it.for([
    ['ks', 0.05, true],
    ['chisquare', 0.05, false],
    ['z', 0.05, false],
    ['wasserstein', 0.1, true],
    ['jensenshannon', 0.1, true],
    ['psi', 0.1, true],
    ['kl_div', 0.1, true],
    ['hellinger', 0.1, true],
    ['ed', 0.1, false],
    ['mannw', 0.05, false],
    ['t_test', 0.05, false],
    ['g_test', 0.1, false],
    ['anderson', 0.1, false],
    ['cramer_von_mises', 0.1, true],
    ['es', 0.05, false],
    ['fisher_exact', 0.1, false],
    ['TVD', 0.1, false],
    ['empirical_mmd', 0.1, false],
  ] as const)('exactly at the threshold of %s is as in Evidently', ([name, threshold, drifted]) => {
    const test = testNamed(name);
    expect(test.threshold).toBe(threshold);
    expect(test.drifted(threshold, threshold)).toBe(drifted);
    expect(test.drifted(NaN, threshold)).toBe(false);
  });

  it('rejects a test that does not accept the type of the column', () => {
    expect(() => columnDrift('name', categories(['a']), categories(['a']), { test: 'ks' })).toThrow(
      /test ks accepts only numerical columns, but "name" is categorical: for .* choose one of chisquare, z, /,
    );
  });

  it('rejects an unknown test, and names the known ones', () => {
    expect(() => testNamed('kolmogorov')).toThrow(/expected one of ks, chisquare/);
  });
});
