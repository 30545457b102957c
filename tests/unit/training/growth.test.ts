import { describe, expect, test } from 'vitest';
import type { FrameRow } from '../../../contracts/frame.ts';
import { dateOfEpochDay, epochDayOf } from '../../../contracts/calendar.ts';
import { estimateGrowth } from '../../../core/training/growth.ts';
import { inverseSpd, times } from '../../../core/training/linear-algebra.ts';
import { seededRandom } from '../../../core/random.ts';

/** Generates one row per day with the day's total: season by temperature, weekends down, a rate per year, 5 % of noise. */
function days(count: number, yearlyRate: number): FrameRow[] {
  const random = seededRandom(7);
  const first = epochDayOf('2022-01-01');
  return Array.from({ length: count }, (_, i) => {
    const TMAX = 60 - 25 * Math.cos((2 * Math.PI * i) / 365.25) + 10 * (random() - 0.5);
    const log =
      11 + TMAX / 60 + (yearlyRate * i) / 365.25 + 0.1 * (random() - 0.5) - ((first + i) % 7 < 2 ? 0.3 : 0);
    const weather = { TMAX, TMIN: TMAX - 10, SNOW: 0, PRCP: 0, SNWD: 0, AWND: 10, PRCP_yesterday: 0 };
    const date = dateOfEpochDay(first + i);
    return {
      date,
      hour: 12,
      trips: Math.round(Math.exp(log)),
      holiday: 0,
      ...weather,
      weather_filled: false,
    };
  });
}

describe('estimateGrowth', () => {
  test.each([-0.1, 0, 0.14, 0.4])('finds a rate of %d per year in two years of days', (rate) => {
    const growth = estimateGrowth(days(731, rate));
    expect(Math.abs(growth.rate * 365.25 - rate)).toBeLessThan(3 * growth.standardError * 365.25);
    expect(growth.standardError * 365.25).toBeLessThan(0.03);
    expect(growth.origin).toBe('2022-01-01');
  });

  test('uses the long-run rate with a wide error for three months', () => {
    const growth = estimateGrowth(days(90, 0.6));
    expect(growth.rate * 365.25).toBeGreaterThan(0);
    expect(growth.rate * 365.25).toBeLessThan(0.45);
    expect(growth.standardError * 365.25).toBeGreaterThan(0.05);
  });

  test('has a smaller error for a year than for a quarter', () => {
    const [quarter, year] = [estimateGrowth(days(90, 0.1)), estimateGrowth(days(365, 0.1))];
    expect(year.standardError).toBeLessThan(quarter.standardError);
  });

  test('is switched off below 28 days', () => {
    expect(estimateGrowth(days(27, 0.5)).rate).toBe(0);
  });
});

test('inverseSpd inverts a matrix as computed by hand', () => {
  const inverse = inverseSpd([
    [4, 2],
    [2, 3],
  ]);
  expect(inverse.flat().map((value) => Math.round(value * 1e12) / 1e12)).toEqual([0.375, -0.25, -0.25, 0.5]);
  expect(times([[1, 2]], [3, 4])).toEqual([11]);
});

test('inverseSpd rejects a singular matrix', () => {
  expect(() =>
    inverseSpd([
      [1, 1],
      [1, 1],
    ]),
  ).toThrow(/is singular/);
});
