import { expect, test } from 'vitest';
import { scaleNote } from '../../../client/scale-note.ts';

const hours = (actual: number, prediction: number) => [
  { actual: 0, prediction: 0 },
  { actual: 2 * actual, prediction: 2 * prediction },
];

test.each([
  [4_000, 110],
  [110, 4_000],
  [0, 5],
])('notes a model of another system: %d trips per hour, %d predicted', (actual, predicted) => {
  const note = scaleNote('nyc', hours(actual, predicted));
  expect(note).toContain('trained on nyc');
  expect(note).toContain(`predicts ${predicted} trips`);
  expect(note).toContain(`the files have ${actual}`);
});

test.each([
  [100, 100],
  [100, 290],
  [290, 100],
  [0, 0],
])('accepts a good or poor model of the same system: %d and %d', (actual, predicted) => {
  expect(scaleNote('nyc', hours(actual, predicted))).toBe('');
});
