/** Charts as inline SVG: no script, no font, no file beside the page. */
import { escapeHtml } from './escape-html.ts';

export interface ChartSeries {
  readonly label: string;
  /** One a point on the x axis; null leaves a gap. */
  readonly values: readonly (number | null)[];
  /** Class of the style sheet that colours it. */
  readonly style: string;
}

export interface ChartOptions {
  readonly title: string;
  readonly labels: readonly string[];
  readonly series: readonly ChartSeries[];
  /** A level drawn across, such as a test's threshold. */
  readonly threshold?: number;
  readonly format?: (value: number) => string;
}

const [WIDTH, HEIGHT] = [640, 200];
const MARGIN = { top: 12, right: 12, bottom: 28, left: 64 };
const TICKS = 4;

/** A line chart with points; values that are missing leave gaps. */
export function lineChart({ title, labels, series, threshold, format = shortNumber }: ChartOptions): string {
  const present = series.flatMap(({ values }) => values.filter((value) => value !== null));
  const levels = threshold === undefined ? present : [...present, threshold];
  const [low, high] = [Math.min(0, ...levels), Math.max(0, ...levels)];
  const range = high - low || 1;
  const x = (i: number) =>
    MARGIN.left + ((WIDTH - MARGIN.left - MARGIN.right) * (i + 0.5)) / Math.max(1, labels.length);
  const y = (value: number) =>
    HEIGHT - MARGIN.bottom - ((HEIGHT - MARGIN.top - MARGIN.bottom) * (value - low)) / range;
  const grid = Array.from({ length: TICKS + 1 }, (_, i) => low + (range * i) / TICKS).map(
    (value) =>
      `<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${at(y(value))}" y2="${at(y(value))}"/>` +
      `<text class="tick" x="${MARGIN.left - 6}" y="${at(y(value) + 4)}" text-anchor="end">${escapeHtml(format(value))}</text>`,
  );
  const names = labels.map(
    (label, i) =>
      `<text class="tick" x="${at(x(i))}" y="${HEIGHT - 8}" text-anchor="middle">${escapeHtml(label)}</text>`,
  );
  const limit =
    threshold === undefined
      ? ''
      : `<line class="threshold" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${at(y(threshold))}" y2="${at(y(threshold))}"/>`;
  const lines = series.map(({ label, values, style }) => {
    const points = values.flatMap((value, i) => (value === null ? [] : [{ i, value }]));
    const steps = points.map(
      ({ i, value }, k) => `${points[k - 1]?.i === i - 1 ? 'L' : 'M'}${at(x(i))} ${at(y(value))}`,
    );
    const dots = points.map(
      ({ i, value }) =>
        `<circle class="${style}" cx="${at(x(i))}" cy="${at(y(value))}" r="3"><title>${escapeHtml(`${labels[i]} ${label}: ${format(value)}`)}</title></circle>`,
    );
    return `<path class="${style}" d="${steps.join('')}"/>${dots.join('')}`;
  });
  const legend = series.map(({ label, style }) => `<span class="key ${style}">${escapeHtml(label)}</span>`);
  return `<figure><figcaption>${escapeHtml(title)} ${legend.join(' ')}</figcaption><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(title)}">${grid.join('')}${names.join('')}${limit}${lines.join('')}</svg></figure>`;
}

/** Three significant digits, no exponent for everyday sizes. */
export function shortNumber(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString('en-US');
  return size >= 0.001 ? String(Number(value.toPrecision(3))) : value.toExponential(1);
}

/** A tenth of a pixel is enough, and keeps the page small. */
function at(value: number): string {
  return value.toFixed(1);
}
