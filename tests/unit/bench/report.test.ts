import { describe, expect, it } from 'vitest';
import type { Results } from '../../bench/harness/bench.ts';
import { withSection } from '../../bench/harness/report.ts';
import { median, medianRatio } from '../../bench/harness/statistics.ts';
import { atMostTimes, fasterThan, flatPeak, peakBelow } from '../../bench/harness/targets.ts';

const runs = (wall: number[], peakMb: number) =>
  wall.map((wallSeconds) => ({ wallSeconds, cpuSeconds: wallSeconds, peakBytes: peakMb * 1e6 }));
/** Holds runs in which the peer takes 2, 4 and 3 times as long by turn. */
const results: Results = new Map([
  ['ours', runs([1, 2, 1], 100)],
  ['peer', runs([2, 8, 3], 150)],
]);

describe('the bench report', () => {
  it('replaces the section of a bench and leaves the others', () => {
    const first = withSection(withSection('# Benches\n', 'a', 'old a'), 'b', 'b');
    const second = withSection(first, 'a', 'new a');
    expect(second).toBe(
      '# Benches\n\n<!-- bench:a -->\n\nnew a\n\n<!-- /bench:a -->\n\n<!-- bench:b -->\n\nb\n\n<!-- /bench:b -->\n',
    );
  });
});

describe('statistics', () => {
  it('take the middle, or the mean of the two in the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });

  it('compare turn by turn', () => {
    expect(medianRatio([2, 8, 3], [1, 2, 1])).toBe(3);
  });
});

describe('targets', () => {
  const passes = (target: { judge: (results: Results) => { passes: boolean } }) =>
    target.judge(results).passes;

  it('compare times with a multiple of the time of the peer', () => {
    expect(passes(fasterThan('ours', 'peer', 3))).toBe(true);
    expect(passes(fasterThan('ours', 'peer', 3.1))).toBe(false);
    expect(passes(fasterThan('peer', 'ours'))).toBe(false);
    expect(passes(atMostTimes('peer', 'ours', 3))).toBe(true);
    expect(passes(atMostTimes('peer', 'ours', 2.9))).toBe(false);
  });

  it('compare the highest peak with a limit, and with the lowest', () => {
    expect(passes(peakBelow('peer', 150))).toBe(false);
    expect(passes(peakBelow('peer', 151))).toBe(true);
    expect(passes(flatPeak(['ours', 'peer'], 1.5))).toBe(true);
    expect(passes(flatPeak(['ours', 'peer'], 1.4))).toBe(false);
  });
});
