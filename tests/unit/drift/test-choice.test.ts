import { describe, expect, it } from 'vitest';
import { chosenTest, type TestChoice } from '../../../core/drift/evidently/test-choice.ts';

const choice: TestChoice = {
  test: 'psi',
  threshold: 0.3,
  perType: { num: { test: 'ed' }, cat: { threshold: 0.2 } },
  perColumn: { TMAX: { test: 'ks' }, TMIN: { threshold: 0.01 } },
};
const resolved = (column: string, type: 'num' | 'cat', from = choice) => {
  const { test, threshold } = chosenTest(from, column, type);
  return [test?.name, threshold];
};

describe('the test and threshold of a column', () => {
  // The cases follow evidently.utils.data_drift_utils.resolve_stattest_threshold of 0.4.22.
  it('are its own, else those of its type, else those for all, each separately', () => {
    expect(resolved('TMAX', 'num')).toEqual(['ks', 0.3]);
    expect(resolved('TMIN', 'num')).toEqual(['ed', 0.01]);
    expect(resolved('SNOW', 'num')).toEqual(['ed', 0.3]);
    expect(resolved('kind', 'cat')).toEqual(['psi', 0.2]);
  });

  it('come from the automatic choice if none is named', () => {
    expect(resolved('TMAX', 'num', {})).toEqual([undefined, undefined]);
  });

  it('accept the names of 0.4', () => {
    expect(resolved('TMAX', 'num', { test: 'emperical_mmd' })).toEqual(['empirical_mmd', undefined]);
  });

  it('must fit its type', () => {
    expect(() => chosenTest({ test: 'chisquare' }, 'TMAX', 'num')).toThrow(
      /test chisquare accepts only categorical columns, but "TMAX" is numerical: for .* choose one of ks, wasserstein, .*, or declare the column categorical/,
    );
  });
});
