import { describe, expect, test } from 'vitest';
import { closeRungOf, stopEpoch } from '../../../core/training/halving.ts';
import { seededRandom, shuffledIndices } from '../../../core/random.ts';
import type { TrialScore } from '../../../contracts/activities/search.ts';

const score = (trial: number, rmse: number | null): TrialScore => ({ trial, rmse, seconds: 1 });

test('a schedule of 25 epochs has rungs at 6, 13 and 25', () => {
  expect([0, 1, 2].map((rung) => stopEpoch(25, rung, 3))).toEqual([6, 13, 25]);
});

test('one rung trains every trial to its end', () => {
  expect(stopEpoch(40, 0, 1)).toBe(40);
});

test('no rung stops before the first epoch', () => {
  expect([0, 1, 2].map((rung) => stopEpoch(1, rung, 3))).toEqual([1, 1, 1]);
});

describe('a rung that closes', () => {
  const nine = [5, 1, 9, 3, 8, 2, 7, 6, 4].map((rmse, trial) => score(trial, rmse));

  test('keeps one in three, best first, and the defaults too', () => {
    expect(closeRungOf(nine, 3, false).kept).toEqual([1, 5, 3, 0]);
  });

  test('does not count the defaults twice if they are among the best', () => {
    expect(closeRungOf([score(0, 1), score(1, 2), score(2, 3)], 3, false).kept).toEqual([0]);
  });

  test('does not depend on the order of arrival', () => {
    const tied = [...nine, score(9, 3), score(10, null), score(11, 3)];
    const expected = closeRungOf(tied, 3, false);
    for (let seed = 0; seed < 50; seed++) {
      const order = [...shuffledIndices(tied.length, seededRandom(seed))];
      expect(
        closeRungOf(
          order.map((i) => tied[i]!),
          3,
          false,
        ),
      ).toEqual(expected);
    }
  });

  test('ranks equal scores by the number of the trial', () => {
    const { ranking } = closeRungOf([score(2, 1), score(1, 1), score(0, 1)], 3, true);
    expect(ranking.map(({ trial }) => trial)).toEqual([0, 1, 2]);
  });

  test('ranks failed trials last and continues none of them, not even the defaults', () => {
    const closed = closeRungOf([score(0, null), score(1, null), score(2, 4)], 2, false);
    expect(closed.ranking.map(({ trial }) => trial)).toEqual([2, 0, 1]);
    expect(closed.kept).toEqual([2]);
  });

  test('continues no trial after the last rung', () => {
    expect(closeRungOf(nine, 3, true).kept).toEqual([]);
  });
});
