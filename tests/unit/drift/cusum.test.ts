import { describe, expect, it } from 'vitest';
import { cusum } from '../../../core/drift/residuals/cusum.ts';

const rules = { slack: 0.5, limit: 2, clip: 3 };
const weeksOf = (...zs: (number | null)[]) => zs.map((z, i) => ({ week: `2025-W0${i + 1}`, z }));

describe('the cumulative sum', () => {
  it('adds what exceeds the slack, on either side, and never falls below 0', () => {
    // Up: 0.5, 0, 0, 1.5. Down: 0, 0, 1, 0.
    const { steps } = cusum(weeksOf(1, -0.5, -1.5, 2), rules);
    expect(steps.map(({ up, down }) => [up, down])).toEqual([
      [0.5, 0],
      [0, 0],
      [0, 1],
      [1.5, 0],
    ]);
  });

  it('alarms above the limit, and names the start', () => {
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

  it('continues from the weeks of earlier checks, and names how long the change has lasted', () => {
    const earlier = [
      { week: '2024-W51', z: -1 },
      { week: '2024-W52', z: 1.2 },
    ];
    // 0.7 is the remainder, followed by 1.4 and 2.1.
    const { before, steps, alarm } = cusum(weeksOf(1.2, 1.2), rules, earlier);
    expect(before).toEqual({ weeks: 2, up: 0.7, down: 0 });
    expect(steps.map(({ up }) => up)).toEqual([expect.closeTo(1.4, 12), expect.closeTo(2.1, 12)]);
    expect(alarm).toEqual({ week: '2025-W02', direction: 'up', since: '2024-W52' });
  });

  it('gives the same result for months one by one as for all at once', () => {
    const all = weeksOf(0.8, -0.3, 1.1, null, 0.9, 0.2, 1.4, 1.1);
    const whole = cusum(all, { ...rules, limit: 1.5 });
    const months = [0, 3, 5].map((from, i, starts) =>
      cusum(all.slice(from, starts[i + 1]), { ...rules, limit: 1.5 }, all.slice(0, from)),
    );
    expect(months.flatMap(({ steps }) => steps)).toEqual(whole.steps);
    expect(months.map(({ alarm }) => alarm).filter((alarm) => alarm !== null)).toEqual([whole.alarm]);
  });

  it('does not repeat an earlier alarm, and alarms again while the change lasts', () => {
    const earlier = weeksOf(2.5, 2.5).map(({ z }, i) => ({ week: `2024-W0${i + 1}`, z }));
    // The sum is 2, then 4, which is above 2.5, and starts at 0 again.
    const limits = { ...rules, limit: 2.5 };
    expect(cusum(weeksOf(0, 0), limits, earlier)).toMatchObject({ before: { up: 0 }, alarm: null });
    expect(cusum(weeksOf(2.5, 2.5), limits, earlier).alarm).toEqual({
      week: '2025-W02',
      direction: 'up',
      since: '2025-W01',
    });
  });
});
