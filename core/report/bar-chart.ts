import type { ChartSeries } from './line-chart.ts';
import { escapeHtml } from './escape-html.ts';
import { MARGIN, WIDTH, at, figure, slotLabels, slotOf, valueAxis } from './plot.ts';
import { shortNumber } from './short-number.ts';

export interface BarChartOptions {
  readonly title: string;
  readonly labels: readonly string[];
  /** Side by side in each place. */
  readonly series: readonly ChartSeries[];
  readonly format?: (value: number) => string;
}

/** Share of a place that its bars fill. */
const FILLED = 0.8;

/** Bars from zero, one group a label; a missing value leaves its place empty. */
export function barChart({ title, labels, series, format = shortNumber }: BarChartOptions): string {
  const present = series.flatMap(({ values }) => values.filter((value) => value !== null));
  const { y, grid } = valueAxis(present, format);
  const group = (FILLED * (WIDTH - MARGIN.left - MARGIN.right)) / Math.max(1, labels.length);
  const width = group / Math.max(1, series.length);
  const bars = series.flatMap(({ label, values, style }, k) =>
    values.map((value, i) => {
      if (value === null) return '';
      const x = slotOf(i, labels.length) - group / 2 + k * width;
      const [top, bottom] = [y(Math.max(0, value)), y(Math.min(0, value))];
      return (
        `<rect class="${style}" x="${at(x)}" y="${at(top)}" width="${at(width * 0.94)}" height="${at(bottom - top)}">` +
        `<title>${escapeHtml(`${labels[i]} ${label}: ${format(value)}`)}</title></rect>`
      );
    }),
  );
  const legend = series.length > 1 ? series : [];
  return figure(title, `${grid}${bars.join('')}${slotLabels(labels)}`, legend);
}
