import { expect, test } from 'vitest';
import { LifecycleInput } from '../../../contracts/workflows/lifecycle.ts';
import { SearchInput } from '../../../contracts/workflows/search.ts';
import { TrainingInput } from '../../../contracts/workflows/training.ts';
import { parseInput } from '../../../contracts/parse-input.ts';

const train = { from: '2024-01', to: '2024-12' };
const test2025 = { from: '2025-01', to: '2025-03' };
const defaults = { trials: 50, folds: 3, rungs: 3, reduction: 3, parallelism: 2 };

test('a search without further input has its defaults', () => {
  expect(parseInput('search', SearchInput, { train })).toMatchObject({
    ...defaults,
    system: 'nyc',
    seed: 42,
  });
});

test('a training searches only if its input says so, and with the same defaults', () => {
  const spans = { train, test: test2025 };
  expect(parseInput('training', TrainingInput, spans).search).toBeUndefined();
  expect(parseInput('training', TrainingInput, { ...spans, search: { trials: 9 } }).search).toEqual({
    ...defaults,
    trials: 9,
  });
  expect(parseInput('lifecycle', LifecycleInput, { ...spans, search: {} }).search).toEqual(defaults);
});

test('more trials than a search allows are rejected by name', () => {
  expect(() => parseInput('search', SearchInput, { train, trials: 1001 })).toThrow(
    'trials: got 1001, expected an integer from 1 to 1000',
  );
});
