import { describe, expect, test } from 'vitest';
import { randomSplitMask, weekBlockMasks } from '../../../core/training/folds.ts';
import { planTraining, SPLIT_MASK } from '../../../core/training/training-plan.ts';
import { madeUpFrame } from '../serving/tiny-network.ts';

const HOURS = 24 * 7 * 8;
const frame = madeUpFrame(HOURS); // begins on Monday 2024-01-01

describe('weekBlockMasks', () => {
  const masks = weekBlockMasks(frame, 3);
  const foldOf = (row: number) => [0, 1, 2].filter((fold) => masks[fold * HOURS + row] === 1);

  test('hides every row in exactly one fold', () => {
    expect(frame.every((_, row) => foldOf(row).length === 1)).toBe(true);
  });

  test('hides whole weeks, from Monday to Sunday, in turn', () => {
    const weeks = Array.from({ length: 8 }, (_, week) =>
      Array.from({ length: 168 }, (_row, hour) => foldOf(week * 168 + hour)[0]!),
    );
    expect(weeks.every((week) => new Set(week).size === 1)).toBe(true);
    const folds = weeks.map(([fold]) => fold);
    expect(new Set(folds.slice(0, 3)).size).toBe(3);
    expect(folds.slice(3)).toEqual(folds.slice(0, 5));
  });
});

describe('randomSplitMask', () => {
  test('hides a fifth, the same for one seed and another for another seed', () => {
    const mask = randomSplitMask(1000, 42);
    expect(mask.reduce((sum, hidden) => sum + hidden, 0)).toBe(200);
    expect(randomSplitMask(1000, 42)).toEqual(mask);
    expect(randomSplitMask(1000, 43)).not.toEqual(mask);
  });

  test('scatters the hidden rows over the span', () => {
    const mask = randomSplitMask(10_000, 1);
    const tenths = Array.from({ length: 10 }, (_, i) =>
      mask.subarray(i * 1000, (i + 1) * 1000).reduce((sum, hidden) => sum + hidden, 0),
    );
    // Each thousand has 200, within four standard deviations of 12.6.
    expect(tenths.every((hidden) => Math.abs(hidden - 200) < 51)).toBe(true);
  });
});

describe('planTraining', () => {
  const { members, masks } = planTraining(frame, 42, 5);

  test('lists the networks that predict first, each member with its own seed', () => {
    expect(members.slice(0, 5)).toEqual([42, 43, 44, 45, 46].map((seed) => ({ seed, mask: null })));
    expect(members.slice(5).every(({ mask }) => mask !== null)).toBe(true);
    expect(new Set(members.map(({ seed }) => seed)).size).toBe(members.length);
  });

  test('has the given number of networks in each fold, and one that never sees the random fifth', () => {
    const counts = Map.groupBy(members, ({ mask }) => mask);
    expect([0, 1, 2, 3].map((fold) => counts.get(fold)?.length)).toEqual([3, 3, 3, 3]);
    expect(counts.get(SPLIT_MASK)).toHaveLength(1);
    expect(masks.subarray(SPLIT_MASK * HOURS)).toEqual(randomSplitMask(HOURS, 42));
  });
});
