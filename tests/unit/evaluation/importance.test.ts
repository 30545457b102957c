import { expect, test } from 'vitest';
import { permutationImportances, type ImportanceOptions } from '../../../core/evaluation/importance.ts';
import { parseModelFiles } from '../../../core/serving/serving-model.ts';
import { tinyModelFiles } from '../inference/tiny-model.ts';
import { madeUpFrame } from '../serving/tiny-network.ts';

// The model predicts 10 · TMAX + 1000, so on hours with just that many trips its error is 0.
const model = parseModelFiles(tinyModelFiles({ base: 1000 }));
const rows = madeUpFrame(24 * 60).map((row) => ({ ...row, trips: 10 * row.TMAX! + 1000 }));
const options = { seed: 1, repetitions: 4, mostRows: 10_000 };
const importances = (changes: Partial<ImportanceOptions> = {}) => [
  ...permutationImportances(model, rows, { ...options, ...changes }),
];
const temperature = (changes: Partial<ImportanceOptions> = {}) =>
  importances(changes).find(({ name }) => name === 'temperature')!;

test('only inputs that the model reads are important', () => {
  for (const { name, rmseIncrease } of importances()) {
    if (name === 'temperature') expect(rmseIncrease).toBeGreaterThan(10);
    else expect(rmseIncrease, name).toBeCloseTo(0, 6);
  }
});

test('exchanging temperatures costs the RMSE of two independent draws: 10 · √2 standard deviations of TMAX', () => {
  const warmth = rows.map((row) => row.TMAX!);
  const mean = warmth.reduce((sum, value) => sum + value, 0) / warmth.length;
  const deviation = Math.sqrt(warmth.reduce((sum, value) => sum + (value - mean) ** 2, 0) / warmth.length);
  const expected = 10 * Math.SQRT2 * deviation;
  const { rmseIncrease } = temperature();
  expect(Math.abs(rmseIncrease - expected) / expected).toBeLessThan(0.05);
});

test('is the same for one seed, and another for another seed', () => {
  expect(importances()).toEqual(importances());
  expect(temperature({ seed: 2 }).rmseIncrease).not.toBe(temperature().rmseIncrease);
});

test('omits inputs that the feature set does not read', () => {
  const names = importances().map(({ name }) => name);
  expect(names).not.toContain('wind');
  expect(names).toContain('snow');
});
