import { expect, test } from 'vitest';
import { trialCounts } from '../../../contracts/search-outcome.ts';

const rung = (scores: readonly (number | null)[], kept: readonly number[]) => ({
  ranking: scores.map((rmse, trial) => ({ trial, rmse, seconds: 1 })),
  kept,
});

test('counts each trial once, over all rungs', () => {
  const closed = [rung([5, 6, 7, 8, null], [0, 1]), rung([4, null], [])];
  expect(trialCounts(2, closed)).toEqual({ completed: 1, pruned: 2, failed: 2 });
  expect(trialCounts(2, closed.slice(0, 1))).toEqual({ completed: 0, pruned: 2, failed: 1 });
  expect(trialCounts(2, [])).toEqual({ completed: 0, pruned: 0, failed: 0 });
});
