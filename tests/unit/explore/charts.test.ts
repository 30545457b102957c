import { describe, expect, it } from 'vitest';
import { barChart } from '../../../core/report/bar-chart.ts';
import { heatMap } from '../../../core/report/heat-map.ts';
import { lineChart } from '../../../core/report/line-chart.ts';
import { figureHtml } from '../../../core/report/figure.ts';
import { rankChart } from '../../../core/report/rank-chart.ts';
import { scatterChart } from '../../../core/report/scatter-chart.ts';

describe('labels', () => {
  it('are thinned out if they would overlap', () => {
    const namesOf = (labels: string[]) =>
      barChart({ title: 't', labels, series: [] }).marks.match(/text-anchor="middle"/g);
    expect(namesOf(Array.from({ length: 365 }, (_, i) => `2024-${i}`))!.length).toBeLessThan(10);
    expect(namesOf(['a', 'b', 'c'])).toHaveLength(3);
  });
});

describe('charts', () => {
  it('leave a gap for a missing value', () => {
    const line = lineChart({
      title: 't',
      labels: ['a', 'b', 'c', 'd'],
      series: [{ label: 's', values: [1, null, 2, 3], style: 'a' }],
    });
    expect(/<path class="a" d="([^"]+)"/.exec(line.marks)?.[1]?.match(/M/g)).toHaveLength(2);
    const bars = barChart({
      title: 't',
      labels: ['a', 'b'],
      series: [{ label: 's', values: [1, null], style: 'a' }],
    });
    expect(bars.marks.match(/<rect/g)).toHaveLength(1);
    expect(
      heatMap({ title: 't', rows: ['r'], columns: ['a', 'b'], values: [[1, null]] }).marks.match(/<rect/g),
    ).toHaveLength(1);
  });

  it('draw values in proportion', () => {
    const bars = barChart({
      title: 't',
      labels: ['a', 'b'],
      series: [{ label: 's', values: [50, 100], style: 'a' }],
    });
    const [half, whole] = [...bars.marks.matchAll(/height="([\d.]+)"/g)].map(([, height]) => Number(height));
    expect(whole! / half!).toBeCloseTo(2, 6);
  });

  it('write no NaN, also without values', () => {
    const empty = [
      lineChart({ title: 't', labels: [], series: [] }),
      barChart({ title: 't', labels: [], series: [] }),
      rankChart({ title: 't', rows: [] }),
      scatterChart({ title: 't', xTitle: 'x', groups: [] }),
      heatMap({ title: 't', rows: ['r'], columns: ['c'], values: [[0]] }),
    ]
      .map(figureHtml)
      .join('');
    expect(empty).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('shorten a long name and keep it as a tooltip', () => {
    const name = 'x'.repeat(80);
    const chart = rankChart({ title: 't', rows: [{ label: name, value: 1 }] });
    expect(chart.marks).toContain(`<title>${name}</title>`);
    expect(chart.marks).toContain(`${'x'.repeat(41)}…`);
  });
});
