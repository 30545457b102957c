import { describe, expect, it } from 'vitest';
import { roundScale, spanOf, ticksOf } from '../../../core/charts/scales.ts';

describe('spanOf', () => {
  it('ignores missing values', () => {
    expect(spanOf([3, null, undefined, NaN, Infinity, -1])).toEqual([-1, 3]);
  });

  it('includes zero on request', () => {
    expect(spanOf([3, 5], true)).toEqual([0, 5]);
  });

  it('opens a span around a single value', () => {
    expect(spanOf([10])).toEqual([9, 11]);
    expect(spanOf([0])).toEqual([0, 1]);
    expect(spanOf([])).toEqual([0, 1]);
  });
});

describe('roundScale', () => {
  it('ends at round values, and marks round values', () => {
    const y = roundScale([3, 97], [100, 0], true);
    expect(y.domain).toEqual([0, 100]);
    expect(ticksOf(y).map(({ value }) => value)).toEqual([0, 20, 40, 60, 80, 100]);
    ticksOf(y).forEach(({ value, at }) => expect(at).toBeCloseTo(100 - value, 9));
  });
});
