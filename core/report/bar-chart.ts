import { barGeometry } from '../charts/bar-geometry.ts';
import { FIGURE_HEIGHT, FRAME, pixel, placeAxis, valueAxis } from './axes.ts';
import { escapeHtml } from './escape-html.ts';
import type { Figure } from './figure.ts';
import type { ChartSeries } from './line-chart.ts';
import { shortNumber } from './short-number.ts';

export interface BarChartOptions {
  readonly title: string;
  readonly labels: readonly string[];
  /** Series stand side by side in each place. */
  readonly series: readonly ChartSeries[];
  readonly format?: (value: number) => string;
}

/** Draws bars from zero, one group per label; a missing value leaves its place empty. */
export function barChart({ title, labels, series, format = shortNumber }: BarChartOptions): Figure {
  const { bars, yTicks, centres } = barGeometry({
    frame: FRAME,
    places: labels.length,
    series: series.map(({ values }) => values),
  });
  const marks = bars.map(({ x, y, width, height, value, place, series: of }) => {
    const { label, style } = series[of]!;
    return (
      `<rect class="${style}" x="${pixel(x)}" y="${pixel(y)}" width="${pixel(width)}" height="${pixel(height)}">` +
      `<title>${escapeHtml(`${labels[place]} ${label}: ${format(value)}`)}</title></rect>`
    );
  });
  return {
    title,
    legend: series.length > 1 ? series : [],
    marks: `${valueAxis(yTicks, format)}${marks.join('')}${placeAxis(labels, (place) => centres[place]!)}`,
    height: FIGURE_HEIGHT,
  };
}
