import { describe, expect, test } from 'vitest';
import { chunksOf } from '../../../core/training/trial-chunks.ts';

const works = (costs: readonly number[]) => costs.map((cost, trial) => ({ trial, cost }));

describe('chunks of a rung', () => {
  test('have every trial once', () => {
    const chunks = chunksOf(works(Array.from({ length: 1000 }, (_, i) => 1 + (i % 7))), 3);
    expect(chunks.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });

  test('shrink from a share of the remaining trials to one trial', () => {
    // Each is a quarter of the remaining trials for two trainers: of 16, 12, 9, 7, 6, 5, 4, 3, 2, 1.
    const sizes = chunksOf(works(new Array<number>(16).fill(1)), 2).map((chunk) => chunk.length);
    expect(sizes).toEqual([4, 3, 2, 1, 1, 1, 1, 1, 1, 1]);
  });

  test('start with the most expensive trials', () => {
    expect(chunksOf(works([1, 5, 3, 5]), 2)).toEqual([[1], [3], [2], [0]]);
  });

  test('are none for no trial, and one for one trial', () => {
    expect(chunksOf([], 2)).toEqual([]);
    expect(chunksOf(works([9]), 32)).toEqual([[0]]);
  });

  test('of 1,000 trials for 32 trainers are few enough to list in a payload', () => {
    expect(chunksOf(works(new Array<number>(1000).fill(1)), 32).length).toBeLessThan(300);
  });
});
