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
  /** An area behind the lines, such as a prediction's interval; a place without both bounds leaves a gap. */
  readonly band?: {
    readonly label: string;
    readonly lower: readonly (number | null)[];
    readonly upper: readonly (number | null)[];
    readonly style: SeriesStyle;
  };
  /** Label each n-th place, from the first on; left out: as many as fit. */
  readonly labelEvery?: number;
  readonly format?: (value: number) => string;
}

/** Beyond this many points, dots would hide the line. */
const MOST_DOTS = 62;

/** A line chart with points; values that are missing leave gaps. */
export function lineChart(options: LineChartOptions): string {
  const { title, labels, series, threshold, band, labelEvery, format = shortNumber } = options;
  const bounds = band ? [...band.lower, ...band.upper] : [];
  const present = [...series.flatMap(({ values }) => values), ...bounds].filter((value) => value !== null);
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
  const area = band ? areaOf(band, labels.length, y) : '';
  return figure(title, `${grid}${slotLabels(labels, labelEvery)}${limit}${area}${lines.join('')}`, [
    ...series,
    ...(band ? [{ label: band.label, style: band.style, pale: true }] : []),
  ]);
}

/** One closed shape for each run of places that have both bounds. */
function areaOf(
  { lower, upper, style }: NonNullable<LineChartOptions['band']>,
  places: number,
  y: (value: number) => number,
): string {
  const isThere = (i: number) => typeof lower[i] === 'number' && typeof upper[i] === 'number';
  const runs: number[][] = [];
  for (let i = 0; i < lower.length; i++) {
    if (!isThere(i)) continue;
    if (isThere(i - 1)) runs.at(-1)!.push(i);
    else runs.push([i]);
  }
  const point = (i: number, value: number) => `${at(slotOf(i, places))} ${at(y(value))}`;
  const shapes = runs.map((run) => {
    const there = run.map((i) => point(i, upper[i]!));
    const back = run.toReversed().map((i) => point(i, lower[i]!));
    return `M${[...there, ...back].join('L')}Z`;
  });
  return `<path class="band ${style}" d="${shapes.join('')}"/>`;
}
