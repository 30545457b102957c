import { escapeHtml } from './escape-html.ts';
import { MARGIN, WIDTH, at, figure, slotLabels, slotOf, valueAxis, type SeriesStyle } from './plot.ts';
import { shortNumber } from './short-number.ts';

export interface ChartSeries {
  readonly label: string;
  /** One a point on the x axis; null leaves a gap. */
  readonly values: readonly (number | null)[];
  readonly style: SeriesStyle;
}

export interface LineChartOptions {
  readonly title: string;
  readonly labels: readonly string[];
  readonly series: readonly ChartSeries[];
  /** A level drawn across, such as a test's threshold. */
  readonly threshold?: number;
  readonly format?: (value: number) => string;
}

/** Beyond this many points, dots would hide the line. */
const MOST_DOTS = 62;

/** A line chart with points; values that are missing leave gaps. */
export function lineChart(options: LineChartOptions): string {
  const { title, labels, series, threshold, format = shortNumber } = options;
  const present = series.flatMap(({ values }) => values.filter((value) => value !== null));
  const { y, grid } = valueAxis(threshold === undefined ? present : [...present, threshold], format);
  const limit =
    threshold === undefined
      ? ''
      : `<line class="threshold" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${at(y(threshold))}" y2="${at(y(threshold))}"/>`;
  const lines = series.map(({ label, values, style }) => {
    const points = values.flatMap((value, i) =>
      value === null ? [] : [{ i, value, x: slotOf(i, labels.length) }],
    );
    const steps = points.map(
      ({ i, value, x }, k) => `${points[k - 1]?.i === i - 1 ? 'L' : 'M'}${at(x)} ${at(y(value))}`,
    );
    const dots = points.map(
      ({ i, value, x }) =>
        `<circle class="${style}" cx="${at(x)}" cy="${at(y(value))}" r="3"><title>${escapeHtml(`${labels[i]} ${label}: ${format(value)}`)}</title></circle>`,
    );
    return `<path class="${style}" d="${steps.join('')}"/>${points.length <= MOST_DOTS ? dots.join('') : ''}`;
  });
  return figure(title, `${grid}${slotLabels(labels)}${limit}${lines.join('')}`, series);
}
