import { describe, expect, it } from 'vitest';
import { cusum } from '../../../core/drift/cusum.ts';

const rules = { slack: 0.5, limit: 2, clip: 3 };
const weeksOf = (...zs: (number | null)[]) => zs.map((z, i) => ({ week: `2025-W0${i + 1}`, z }));

describe('the cumulative sum', () => {
  it('adds what exceeds the slack, on either side, and never falls below 0', () => {
    // up: 0.5, 0, 0, 1.5; down: 0, 0, 1, 0.
    const { steps } = cusum(weeksOf(1, -0.5, -1.5, 2), rules);
    expect(steps.map(({ up, down }) => [up, down])).toEqual([
      [0.5, 0],
      [0, 0],
      [0, 1],
      [1.5, 0],
    ]);
  });

  it('alarms above the limit, and says since when', () => {
    // 0, 0.7, 1.4, 2.1
    expect(cusum(weeksOf(0.2, 1.2, 1.2, 1.2), rules).alarm).toEqual({
      week: '2025-W04',
      direction: 'up',
      since: '2025-W02',
    });
  });

  it('does not alarm at the limit, nor for a single wild week', () => {
    expect(cusum(weeksOf(-2.5), rules).alarm).toBeNull();
    expect(cusum(weeksOf(-40), { ...rules, limit: 2.5 }).alarm).toBeNull();
  });

  it('waits where a week was not judged', () => {
    expect(cusum(weeksOf(1.5, null, 1.5), rules).steps.map(({ up }) => up)).toEqual([1, 1, 2]);
  });
});
