import { describe, expect, test } from 'vitest';
import { checkMonths } from '../../../core/training/check-frame.ts';
import { prepareTraining } from '../../../core/training/training-set.ts';
import { featureSetOf } from '../../../core/features/feature-row.ts';
import { madeUpFrame } from '../serving/tiny-network.ts';
import { FORMER_PLACE } from '../../../contracts/former-place.ts';

describe('prepareTraining', () => {
  const frame = madeUpFrame(24 * 60);
  const growth = { growth: true, place: FORMER_PLACE };
  const training = prepareTraining(frame, 'demand', growth);
  const width = training.set.features.length;

  test('standardises and clips every column that varies', () => {
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

  test('recovers trips from target, growth and standardisation', () => {
    for (const i of [0, 777, frame.length - 1]) {
      const trips = (training.y[i]! * training.target.std + training.target.mean) * training.growthFactor[i]!;
      expect(trips).toBeCloseTo(frame[i]!.trips, 1);
    }
  });

  test('uses the trips as the target without growth', () => {
    const level = prepareTraining(frame, 'demand', { growth: false, place: FORMER_PLACE });
    expect(training.growth.rate).not.toBe(0);
    expect(level.growth.rate).toBe(0);
    expect(new Set(level.growthFactor)).toEqual(new Set([1]));
    const mean = frame.reduce((sum, { trips }) => sum + trips, 0) / frame.length;
    expect(level.target.mean).toBeCloseTo(mean, 6);
  });

  test('fills missing weather with the median of the training hours', () => {
    const gaps = frame.map((row, i) => (i < 48 ? { ...row, TMAX: null } : row));
    const sorted = gaps.flatMap(({ TMAX }) => (TMAX === null ? [] : [TMAX])).sort((a, b) => a - b);
    const median = (sorted[sorted.length / 2 - 1]! + sorted[sorted.length / 2]!) / 2;
    expect(prepareTraining(gaps, 'seed', growth).imputation.TMAX).toBeCloseTo(median, 9);
  });

  test('uses the busiest hour as the golden row', () => {
    expect(frame[training.goldenRow]!.trips).toBe(Math.max(...frame.map(({ trips }) => trips)));
  });
});

describe('a training set is rejected with', () => {
  test('fewer hours than a week', () => {
    expect(() => prepareTraining(madeUpFrame(167), 'seed', { growth: true, place: FORMER_PLACE })).toThrow(
      /has 167 hours, expected at least 168/,
    );
  });

  test('a single hour', () => {
    expect(() => prepareTraining(madeUpFrame(1), 'seed', { growth: true, place: FORMER_PLACE })).toThrow(
      /has 1 hours, expected at least 168/,
    );
  });

  test('a constant target', () => {
    const frame = madeUpFrame(200).map((row) => ({ ...row, trips: 7 }));
    expect(() => prepareTraining(frame, 'seed', { growth: true, place: FORMER_PLACE })).toThrow(
      /every hour of the training frame has 7 trips/,
    );
  });

  test('trips that are not a number, named by their hour', () => {
    const frame = madeUpFrame(200).map((row, i) => (i === 30 ? { ...row, trips: Number.NaN } : row));
    expect(() => prepareTraining(frame, 'seed', { growth: true, place: FORMER_PLACE })).toThrow(
      /trips of 2024-01-02 6:00 are NaN/,
    );
  });

  test('a weather column without a single value', () => {
    const frame = madeUpFrame(200).map((row) => ({ ...row, AWND: null }));
    expect(() => prepareTraining(frame, 'demand', { growth: true, place: FORMER_PLACE })).toThrow(
      /weather column AWND has no value/,
    );
  });

  test('a month of the span without a trip, by its name', () => {
    const frame = madeUpFrame(24 * 60); // January and February
    const idle = frame.map((row) => (row.date.startsWith('2024-02') ? { ...row, trips: 0 } : row));
    const span = { from: '2024-01', to: '2024-03' };
    expect(() => checkMonths(idle, span)).toThrow(/no trips in 2024-02, 2024-03: ingest these months again/);
    expect(() => checkMonths(frame, { from: '2024-01', to: '2024-02' })).not.toThrow();
  });

  test.each(['tree', 'constructor'])('a feature set %j that does not exist', (name) => {
    const call = () => featureSetOf(name as 'seed', FORMER_PLACE);
    expect(call).toThrow(/featureSet: got .*, expected one of seed, demand/);
    expect(call).toThrow(expect.objectContaining({ code: 'INVALID_INPUT', retryable: false }) as Error);
  });

  test('and is never retried', () => {
    const call = () => prepareTraining(madeUpFrame(1), 'seed', { growth: true, place: FORMER_PLACE });
    expect(call).toThrow(expect.objectContaining({ code: 'TRAINING_FAILED', retryable: false }) as Error);
  });
});
