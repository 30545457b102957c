import { describe, expect, it } from 'vitest';
import { nightSpans } from '../../../console/web/src/format/night-spans.ts';

const START = Date.parse('2026-11-29T00:00:00Z');
const HOUR = 3_600_000;
const hoursOf = (nights: readonly boolean[]) =>
  nights.map((isNight, i) => ({ at: new Date(START + i * HOUR).toISOString(), isNight }));
const spansOf = (nights: readonly boolean[]) =>
  nightSpans(hoursOf(nights)).map(({ from, to }) => [(from - START) / HOUR, (to - START) / HOUR]);

describe('nightSpans', () => {
  it('joins the hours of a night', () => {
    expect(spansOf([true, true, false, false, true, true, true, false])).toEqual([
      [0, 2],
      [4, 7],
    ]);
  });

  it('ends at the last hour, where the chart ends', () => {
    expect(spansOf([false, true, true])).toEqual([[1, 2]]);
    expect(spansOf([true])).toEqual([]);
    expect(spansOf([])).toEqual([]);
  });
});
