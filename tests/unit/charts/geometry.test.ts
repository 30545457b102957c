import { describe, expect, it } from 'vitest';
import { barGeometry } from '../../../core/charts/bar-geometry.ts';
import { gridGeometry } from '../../../core/charts/grid-geometry.ts';
import { labelStep } from '../../../core/charts/label-step.ts';
import { lineGeometry } from '../../../core/charts/line-geometry.ts';

const frame = { left: 0, right: 100, top: 0, bottom: 100 };

describe('lineGeometry', () => {
  it('breaks a line, and a band, at a missing value', () => {
    const { paths, bandPath } = lineGeometry({
      frame,
      xs: [0, 1, 2, 3, 4],
      lines: [[1, 2, null, 4, 5].map((y, x) => ({ x, y }))],
      band: [1, 2, null, 4, 5].map((low, x) => ({ x, low, high: 6 })),
    });
    expect(paths[0]!.match(/M/g)).toHaveLength(2);
    expect(bandPath.match(/M/g)).toHaveLength(2);
  });

  it('keeps a margin between the frame and the first and last point', () => {
    const { x } = lineGeometry({ frame, xs: [0, 1], lines: [], inset: 25 });
    expect([x(0), x(1)]).toEqual([25, 75]);
  });

  it('covers the band and the level', () => {
    const { y } = lineGeometry({
      frame,
      xs: [0],
      lines: [[{ x: 0, y: 5 }]],
      band: [{ x: 0, low: -10, high: 20 }],
      level: 40,
    });
    expect(y.domain).toEqual([-10, 40]);
  });
});

describe('barGeometry', () => {
  it('draws bars from zero, side by side, and none for a missing value', () => {
    const { bars, centres } = barGeometry({
      frame,
      places: 2,
      series: [
        [10, -10],
        [null, 5],
      ],
    });
    expect(bars.map(({ y, height }) => [y, y + height])).toEqual([
      [0, 50],
      [50, 100],
      [25, 50],
    ]);
    expect(bars[2]!.x).toBeGreaterThanOrEqual(bars[1]!.x + bars[1]!.width);
    expect(centres).toEqual([25, 75]);
  });
});

it('gridGeometry places the first row at the top', () => {
  const cellOf = gridGeometry(frame, { rows: 2, columns: 4 });
  expect(cellOf(0, 0)).toEqual({ x: 0, y: 0, width: 24, height: 49 });
  expect(cellOf(1, 3)).toEqual({ x: 75, y: 50, width: 24, height: 49 });
});

it('labelStep leaves room for the widest label', () => {
  expect(labelStep(['a', 'b'], 100)).toBe(1);
  const days = Array.from({ length: 10 }, () => '2024-01-01');
  expect(labelStep(days, 100)).toBe(9);
});
