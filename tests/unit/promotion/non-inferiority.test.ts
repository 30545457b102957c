import { describe, expect, it } from 'vitest';
import { nonInferiority, type PairedError } from '../../../core/promotion/non-inferiority.ts';

/** Generates days of 24 hours. The champion's error is 1 trip in every hour, the candidate's the number of its day. */
const days = (candidate: readonly number[]): PairedError[] =>
  candidate.flatMap((error, day) =>
    Array.from({ length: 24 }, (_, hour) => ({
      date: `2025-01-${String(day + 1).padStart(2, '0')}`,
      champion: hour % 2 === 0 ? 1 : -1,
      candidate: error,
    })),
  );
const repeat = (times: number, value: number): number[] => Array<number>(times).fill(value);

describe('the paired bootstrap', () => {
  it('has no variance if every day is the same', () => {
    const { excess, upperBound } = nonInferiority(days(repeat(31, 1.06)), 0.05);
    expect(excess).toBeCloseTo(0.06, 12);
    expect(upperBound).toBeCloseTo(0.06, 12);
  });

  it('draws whole days, so its bound is the binomial quantile of the bad ones', () => {
    // 4 of 20 days have twice the error. The number K of bad days in a resample is binomial(20, 0.2).
    // Its 95 % quantile is 7 (P(K ≤ 6) = 0.913, P(K ≤ 7) = 0.968), so the excess is sqrt((13 + 4 · 7) / 20) − 1.
    // The observed excess is sqrt((16 + 4 · 4) / 20) − 1.
    const { excess, upperBound } = nonInferiority(days([...repeat(16, 1), ...repeat(4, 2)]), 0.05);
    expect(excess).toBeCloseTo(Math.sqrt(1.6) - 1, 12);
    expect(upperBound).toBeCloseTo(Math.sqrt(2.05) - 1, 12);
  });

  it('gives the same answer for the same errors in any order', () => {
    const errors = days([1, 2, 1, 3, 1, 1, 2, 1, 1, 4, 1, 1]);
    expect(nonInferiority(errors.toReversed(), 0.05)).toEqual(nonInferiority(errors, 0.05));
  });

  it('accepts only an equal candidate for a champion without error', () => {
    const perfect = (candidate: number) =>
      days(repeat(12, candidate)).map((error) => ({ ...error, champion: 0 }));
    expect(nonInferiority(perfect(0), 0).upperBound).toBe(0);
    expect(nonInferiority(perfect(0.1), 1).upperBound).toBeGreaterThan(1);
  });
});
