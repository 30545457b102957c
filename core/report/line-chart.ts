import { lineGeometry } from '../charts/line-geometry.ts';
import { FIGURE_HEIGHT, FRAME, horizontalLine, pixel, placeAxis, valueAxis } from './axes.ts';
import { escapeHtml } from './escape-html.ts';
import type { Figure, SeriesStyle } from './figure.ts';
import { shortNumber } from './short-number.ts';

export interface ChartSeries {
  readonly label: string;
  /** One value per label; null leaves a gap. */
  readonly values: readonly (number | null)[];
  readonly style: SeriesStyle;
}

export interface LineChartOptions {
  readonly title: string;
  readonly labels: readonly string[];
  readonly series: readonly ChartSeries[];
  /** Draws a horizontal line, such as the threshold of a test. */
  readonly threshold?: number | undefined;
  /** Explains the line in the legend. */
  readonly thresholdLabel?: string | undefined;
  /** Draws an area behind the lines, such as a prediction's interval. A place without both bounds leaves a gap. */
  readonly band?:
    | {
        readonly label: string;
        readonly lower: readonly (number | null)[];
        readonly upper: readonly (number | null)[];
        readonly style: SeriesStyle;
      }
    | undefined;
  /** Labels each n-th place, beginning with the first. By default, as many labels as fit are drawn. */
  readonly labelEvery?: number;
  readonly format?: (value: number) => string;
}

/** Beyond this many points, dots would hide the line. */
const MOST_DOTS = 62;

/** Draws lines with points over zero; missing values leave gaps. */
export function lineChart(options: LineChartOptions): Figure {
  const {
    title,
    labels,
    series,
    threshold,
    thresholdLabel,
    band,
    labelEvery,
    format = shortNumber,
  } = options;
  const { x, y, yTicks, paths, bandPath } = lineGeometry({
    frame: FRAME,
    xs: [...labels.keys()],
    lines: series.map(({ values }) => values.map((value, place) => ({ x: place, y: value }))),
    band: band?.lower.map((low, place) => ({ x: place, low, high: band.upper[place] ?? null })) ?? [],
    inset: (FRAME.right - FRAME.left) / (2 * Math.max(1, labels.length)),
    withZero: true,
    level: threshold,
  });
  const dotsOf = ({ label, values, style }: ChartSeries) =>
    values.map((value, place) =>
      value === null
        ? ''
        : `<circle class="${style}" cx="${pixel(x(place))}" cy="${pixel(y(value))}" r="3">` +
          `<title>${escapeHtml(`${labels[place]} ${label}: ${format(value)}`)}</title></circle>`,
    );
  const lines = series.map((each, i) => {
    const points = each.values.filter((value) => value !== null).length;
    return `<path class="${each.style}" d="${paths[i]}"/>${points <= MOST_DOTS ? dotsOf(each).join('') : ''}`;
  });
  return {
    title,
    legend: [
      ...series,
      ...(band ? [{ label: band.label, style: band.style, pale: true }] : []),
      ...(thresholdLabel === undefined ? [] : [{ label: thresholdLabel, style: 'threshold' as const }]),
    ],
    marks: [
      valueAxis(yTicks, format),
      placeAxis(labels, x, labelEvery),
      threshold === undefined ? '' : horizontalLine('threshold', y(threshold)),
      band ? `<path class="band ${band.style}" d="${bandPath}"/>` : '',
      ...lines,
    ].join(''),
    height: FIGURE_HEIGHT,
  };
}
