import { describe, expect, test } from 'vitest';
import { prepareTraining } from '../../../core/model/training-set.ts';
import { madeUpFrame } from './tiny-network.ts';

describe('prepareTraining', () => {
  const frame = madeUpFrame(24 * 60);
  const training = prepareTraining(frame, 'demand');
  const width = training.set.features.length;

  test('every column that varies is standardised and clipped', () => {
    const column = (name: string) => {
      const at = training.set.features.indexOf(name);
      return Array.from({ length: frame.length }, (_, i) => training.x[i * width + at]!);
    };
    const temperature = column('TMAX');
    const mean = temperature.reduce((sum, value) => sum + value, 0) / frame.length;
    const square = temperature.reduce((sum, value) => sum + value * value, 0) / frame.length;
    expect(mean).toBeCloseTo(0, 5);
    expect(square).toBeCloseTo(1, 4);
    expect(column('SNWD').every((value) => value === 0)).toBe(true); // never varies
    expect(Math.max(...training.x)).toBeLessThanOrEqual(5);
    expect(Math.min(...training.x)).toBeGreaterThanOrEqual(-5);
  });

  test('trips come back from target, growth and standardisation', () => {
    for (const i of [0, 777, frame.length - 1]) {
      const trips = (training.y[i]! * training.target.std + training.target.mean) * training.growthFactor[i]!;
      expect(trips).toBeCloseTo(frame[i]!.trips, 1);
    }
  });

  test('a fold holds out whole weeks, from Monday to Sunday, in turn', () => {
    // 2024-01-01 is a Monday.
    const weekly = Array.from({ length: 8 }, (_, week) => [
      ...training.fold.subarray(week * 168, (week + 1) * 168),
    ]);
    expect(weekly.every((week) => new Set(week).size === 1)).toBe(true);
    const folds = weekly.map(([fold]) => fold);
    expect(new Set(folds.slice(0, 4)).size).toBe(4);
    expect(folds.slice(4)).toEqual(folds.slice(0, 4));
  });

  test('weather that is missing is filled with the median of the training hours', () => {
    const gaps = frame.map((row, i) => (i < 48 ? { ...row, TMAX: null } : row));
    const sorted = gaps.flatMap(({ TMAX }) => (TMAX === null ? [] : [TMAX])).sort((a, b) => a - b);
    const median = (sorted[sorted.length / 2 - 1]! + sorted[sorted.length / 2]!) / 2;
    expect(prepareTraining(gaps, 'seed').imputation.TMAX).toBeCloseTo(median, 9);
  });

  test('the golden row is the busiest hour', () => {
    expect(frame[training.goldenRow]!.trips).toBe(Math.max(...frame.map(({ trips }) => trips)));
  });
});

describe('what cannot be trained on', () => {
  test('fewer hours than a week', () => {
    expect(() => prepareTraining(madeUpFrame(167), 'seed')).toThrow(/has 167 hours, at least 168/);
  });

  test('a constant target', () => {
    const frame = madeUpFrame(200).map((row) => ({ ...row, trips: 7 }));
    expect(() => prepareTraining(frame, 'seed')).toThrow(/every hour of the training frame has 7 trips/);
  });

  test('trips that are not a number, named by their hour', () => {
    const frame = madeUpFrame(200).map((row, i) => (i === 30 ? { ...row, trips: Number.NaN } : row));
    expect(() => prepareTraining(frame, 'seed')).toThrow(/trips of 2024-01-02 6:00 are NaN/);
  });

  test('a weather column without a single value', () => {
    const frame = madeUpFrame(200).map((row) => ({ ...row, AWND: null }));
    expect(() => prepareTraining(frame, 'demand')).toThrow(/weather column AWND has no value/);
  });
});
