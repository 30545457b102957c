/**
 * Tests that growth is extrapolated for 18 months on either side of the training months, and held at that level
 * beyond.
 */
import { describe, expect, test } from 'vitest';
import { MODEL_FILES, type ModelSpec } from '../../../contracts/model.ts';
import { NO_WARNINGS } from '../../../contracts/prediction-warnings.ts';
import { parseModelFiles } from '../../../core/serving/serving-model.ts';
import { dateOfEpochDay, epochDayOf } from '../../../contracts/calendar.ts';
import { tinyModelFiles } from '../inference/tiny-model.ts';

/** Is 15 % per year, as New York grew; without a hold, 2099 would be 80,000 times the level of 2024. */
const RATE = Math.log(1.15) / 365.25;

/** Predicts (10 · TMAX + 1) · growth, with bounds 100 · growth below and 200 · growth above. */
function growing(changes: Partial<ModelSpec['trainedOn']> = {}, standardError = 0) {
  const files = tinyModelFiles({ base: 1 });
  const spec = JSON.parse(new TextDecoder().decode(files[MODEL_FILES.spec])) as ModelSpec;
  const golden = { ...spec.golden, prediction: 401 * Math.exp(RATE * 14) };
  const changed: ModelSpec = {
    ...spec,
    growth: { rate: RATE, standardError, origin: '2024-01-01' },
    trainedOn: { ...spec.trainedOn, ...changes },
    golden,
  };
  return parseModelFiles({
    ...files,
    [MODEL_FILES.spec]: new TextEncoder().encode(JSON.stringify(changed)),
  });
}

const at = (date: string, hour = 8) => ({ date, hour, weather: { TMAX: 60, TMIN: 50, SNOW: 0 } });
const model = growing();
const predicted = (date: string, from = model) => from.predict([at(date)])[0]!;
const days = (date: string) => epochDayOf(date) - epochDayOf('2024-01-01');
const extrapolated = (date: string) => 601 * Math.exp(RATE * days(date));

describe('growth after the training months', () => {
  test('is extrapolated to the last day of the 18th month', () => {
    const { prediction, warnings } = predicted('2026-06-30');
    expect(prediction).toBeCloseTo(extrapolated('2026-06-30'), 6);
    expect(warnings).toBe(NO_WARNINGS);
  });

  test('is held from the next day on, without a step', () => {
    const last = predicted('2026-06-30');
    for (const date of ['2026-07-01', '2026-12-24', '2030-01-01', '2099-07-15']) {
      const held = predicted(date);
      expect(held).toMatchObject({ prediction: last.prediction, lower: last.lower, upper: last.upper });
      expect(held.warnings).toEqual([
        {
          code: 'growth_held',
          field: 'date',
          message:
            'the hour is more than 18 months after the training months 2024-01 to 2024-12; growth is held at its level of 2026-06-30',
        },
      ]);
    }
  });

  test('never puts 2099 above twice the level of 18 months', () => {
    expect(predicted('2099-07-15').prediction).toBeLessThan(2 * predicted('2026-06-15').prediction);
  });

  test('grows by one day or not at all between any two consecutive days around the bound', () => {
    const first = epochDayOf('2026-06-20');
    const levels = Array.from({ length: 21 }, (_, i) => predicted(dateOfEpochDay(first + i)).prediction);
    const steps = levels.slice(1).map((level, i) => level / levels[i]!);
    expect(Math.max(...steps)).toBeCloseTo(Math.exp(RATE), 9);
    expect(Math.min(...steps)).toBe(1);
  });

  test('widens the interval by its standard error up to the bound, and no further', () => {
    const uncertain = growing({}, RATE / 2);
    const width = (date: string) => {
      const { lower, upper, prediction } = predicted(date, uncertain);
      return (upper! - lower!) / prediction;
    };
    expect(width('2026-06-30')).toBeGreaterThan(width('2025-06-30'));
    expect(width('2099-07-15')).toBe(width('2026-06-30'));
  });
});

describe('growth before the training months', () => {
  test('is extrapolated from the first day of the 18th month before, and held before it', () => {
    const first = predicted('2022-07-01');
    expect(first.prediction).toBeCloseTo(extrapolated('2022-07-01'), 6);
    expect(first.warnings).toBe(NO_WARNINGS);
    const held = predicted('2022-06-30');
    expect(held.prediction).toBe(first.prediction);
    expect(predicted('2013-06-01').prediction).toBe(first.prediction);
    expect(held.warnings).toMatchObject([
      { code: 'growth_held', message: expect.stringContaining('before the training months') as string },
    ]);
  });
});

test('accepts training months as days', () => {
  const byDay = growing({ from: '2024-01-01', to: '2024-12-31' });
  expect(predicted('2026-06-30', byDay).warnings).toEqual([]);
  expect(predicted('2026-07-01', byDay).warnings).toHaveLength(1);
});

test('has the same bound in a model without growth, which knows nothing of later years', () => {
  const level = model.withoutGrowth();
  expect(predicted('2099-07-15', level).warnings).toMatchObject([{ code: 'growth_held' }]);
});

test('has the same bound for raw features', () => {
  const features = new Float64Array(model.spec.features.length);
  const on = (date: string) => model.predictFeatures(features, { date, hour: 8 });
  expect(on('2099-07-15')).toEqual(on('2026-06-30'));
});
