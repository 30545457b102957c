import { describe, expect, it } from 'vitest';
import { extent, linearScale, nice, ticks } from '../../../console/web/src/charts/scale.ts';

describe('ticks', () => {
  it('are round', () => {
    expect(ticks([0, 97], 5)).toEqual([0, 20, 40, 60, 80]);
    expect(ticks([0.951, 0.989], 4)).toEqual([0.96, 0.97, 0.98]);
  });

  it('are one where the span is nothing', () => {
    expect(ticks([3, 3], 4)).toEqual([3]);
  });
});

describe('extent', () => {
  it('passes over what is missing', () => {
    expect(extent([3, null, undefined, NaN, -1])).toEqual([-1, 3]);
  });

  it('holds zero where asked', () => {
    expect(extent([3, 5], true)).toEqual([0, 5]);
  });

  it('opens a span around a single value', () => {
    expect(extent([10])).toEqual([9, 11]);
  });
});

it('nice widens a span to round ends', () => {
  expect(nice([3, 97])).toEqual([0, 100]);
});

it('linearScale maps a domain onto a range, also a falling one', () => {
  const y = linearScale([0, 10], [100, 0]);
  expect([0, 5, 10].map(y)).toEqual([100, 50, 0]);
});
