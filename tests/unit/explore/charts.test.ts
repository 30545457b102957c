import { describe, expect, it } from 'vitest';
import { barChart } from '../../../core/report/bar-chart.ts';
import { heatMap } from '../../../core/report/heat-map.ts';
import { lineChart } from '../../../core/report/line-chart.ts';
import { niceTicks, slotLabels } from '../../../core/report/plot.ts';
import { rankChart } from '../../../core/report/rank-chart.ts';
import { scatterChart } from '../../../core/report/scatter-chart.ts';

describe('axis ticks', () => {
  it('are round and span both values', () => {
    expect(niceTicks(0, 551)).toEqual([0, 200, 400, 600]);
    expect(niceTicks(0, 0.9)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(niceTicks(-30, 80)).toEqual([-50, -25, 0, 25, 50, 75, 100]);
    expect(niceTicks(21, 97)).toEqual([20, 40, 60, 80, 100]);
  });

  it('are there for a single value and for zero alone', () => {
    expect(niceTicks(0, 0).length).toBeGreaterThan(1);
    expect(niceTicks(5, 5).length).toBeGreaterThan(1);
  });
});

describe('labels', () => {
  it('are thinned out where they would run into each other', () => {
    const days = Array.from({ length: 365 }, (_, i) => `2024-${i}`);
    expect(slotLabels(days).match(/<text/g)!.length).toBeLessThan(10);
    expect(slotLabels(['a', 'b', 'c']).match(/<text/g)).toHaveLength(3);
  });
});

describe('charts', () => {
  it('leave a gap for a missing value', () => {
    const line = lineChart({
      title: 't',
      labels: ['a', 'b', 'c', 'd'],
      series: [{ label: 's', values: [1, null, 2, 3], style: 'a' }],
    });
    expect(/<path class="a" d="([^"]+)"/.exec(line)?.[1]?.match(/M/g)).toHaveLength(2);
    const bars = barChart({
      title: 't',
      labels: ['a', 'b'],
      series: [{ label: 's', values: [1, null], style: 'a' }],
    });
    expect(bars.match(/<rect/g)).toHaveLength(1);
    expect(
      heatMap({ title: 't', rows: ['r'], columns: ['a', 'b'], values: [[1, null]] }).match(/<rect/g),
    ).toHaveLength(1);
  });

  it('draw values in proportion', () => {
    const bars = barChart({
      title: 't',
      labels: ['a', 'b'],
      series: [{ label: 's', values: [50, 100], style: 'a' }],
    });
    const [half, whole] = [...bars.matchAll(/height="([\d.]+)"/g)].map(([, height]) => Number(height));
    expect(whole! / half!).toBeCloseTo(2, 6);
  });

  it('hold no number that is none, even with nothing to draw', () => {
    const empty = [
      lineChart({ title: 't', labels: [], series: [] }),
      barChart({ title: 't', labels: [], series: [] }),
      rankChart({ title: 't', rows: [] }),
      scatterChart({ title: 't', xTitle: 'x', groups: [] }),
      heatMap({ title: 't', rows: ['r'], columns: ['c'], values: [[0]] }),
    ].join('');
    expect(empty).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('shorten a long name and tell it in full', () => {
    const name = 'x'.repeat(80);
    const chart = rankChart({ title: 't', rows: [{ label: name, value: 1 }] });
    expect(chart).toContain(`<title>${name}</title>`);
    expect(chart).toContain(`${'x'.repeat(41)}…`);
  });
});
