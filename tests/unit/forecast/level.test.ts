import { describe, expect, it } from 'vitest';
import { addMonths } from '../../../contracts/calendar.ts';
import type { ModelSpec } from '../../../contracts/model.ts';
import { estimateLevel, growthLevel, levelFrom, LEVEL_NOISE } from '../../../core/forecast/level.ts';

/** Holds the months from 2025-01 with these ratios of actual to predicted trips. */
const months = (...ratios: readonly number[]) =>
  ratios.map((ratio, i) => ({
    month: addMonths('2025-01', i),
    hours: 700,
    actual: 7e5 * ratio,
    predicted: 7e5,
  }));

/** Is the variance of the growth of New York a year after the middle of the training: a standard error of 6 %. */
const BEFORE = 0.06 ** 2;

const MODEL = {
  spec: { trainedOn: { to: '2024-12' }, target: { mean: 1000 } } as ModelSpec,
  growthMarginAt: () => 1.645 * 0.06,
};

const factorAfter = (...ratios: readonly number[]) =>
  levelFrom(estimateLevel(months(...ratios), MODEL)!)('2025-12-15').factor;

describe('the level', () => {
  it('weighs the first month by the error of growth against that of a month', () => {
    const level = estimateLevel(months(1.1), MODEL)!;
    const gain = BEFORE / (BEFORE + LEVEL_NOISE.month);
    expect(level.log).toBeCloseTo(gain * Math.log(1.1), 12);
    expect(level.variance).toBeCloseTo((1 - gain) * BEFORE, 12);
    expect(level).toMatchObject({ month: '2025-01', months: 1 });
  });

  it('follows a jump of 20 % within two published months', () => {
    // At once after the training, and after a year without a jump.
    expect(factorAfter(1.2, 1.2)).toBeGreaterThan(1.16);
    expect(factorAfter(...new Array<number>(12).fill(1), 1.2, 1.2)).toBeGreaterThan(1.16);
    expect(factorAfter(...new Array<number>(12).fill(1), 1.2)).toBeLessThan(1.15);
  });

  it('trusts a month of little demand less', () => {
    const [month] = months(1.1);
    const winter = { ...month!, actual: month!.actual / 2, predicted: month!.predicted / 2 };
    const gain = BEFORE / (BEFORE + 4 * LEVEL_NOISE.month);
    expect(estimateLevel([winter], MODEL)!.log).toBeCloseTo(gain * Math.log(1.1), 12);
  });

  it('stays at 1 if months are as predicted', () => {
    expect(factorAfter(1, 1, 1, 1)).toBe(1);
  });

  it('adds variance with every month since the last published one', () => {
    const level = estimateLevel(months(1, 1), MODEL)!;
    const at = levelFrom(level);
    expect(at('2025-02-28').variance).toBeCloseTo(level.variance, 12);
    expect(at('2025-05-01').variance).toBeCloseTo(level.variance + 3 * LEVEL_NOISE.step, 12);
  });

  it('adds variance for a month that is missing, and reads months in any order', () => {
    const [january, february, march] = months(1.05, 1.1, 1.1);
    const gap = estimateLevel([march!, january!], MODEL)!;
    const whole = estimateLevel([february!, march!, january!], MODEL)!;
    expect(gap.variance).toBeGreaterThan(whole.variance);
    expect(whole).toEqual(estimateLevel(months(1.05, 1.1, 1.1), MODEL));
  });

  it('ignores months of the training', () => {
    const training = { month: '2024-12', hours: 744, actual: 2e6, predicted: 1e6 };
    expect(estimateLevel([training, ...months(1.1)], MODEL)).toEqual(estimateLevel(months(1.1), MODEL));
  });

  it('is unknown without a month that has trips, and then has the error of growth', () => {
    expect(estimateLevel(months(0), MODEL)).toBeNull();
    const { factor, variance } = growthLevel(MODEL)('2025-01-01');
    expect(factor).toBe(1);
    expect(variance).toBeCloseTo(BEFORE, 12);
  });
});
