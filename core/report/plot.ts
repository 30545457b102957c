/** What every chart with axes shares: the frame, round ticks, the grid, labels that do not run into each other. */
import { escapeHtml, unescapeHtml } from './escape-html.ts';

/** Class of the style sheet (page.ts) that colours a series. */
export type SeriesStyle = 'a' | 'b' | 'c' | 'd' | 'e';

export const WIDTH = 640;
export const HEIGHT = 220;
export const MARGIN = { top: 12, right: 12, bottom: 28, left: 64 };

/** About as many ticks as a reader wants on an axis. */
const TICKS = 4;

/** Pixels that a character of a tick label takes, at the style sheet's size. */
const CHARACTER = 6.5;

/** Pixels between two labels. */
const LABEL_GAP = 10;

/** Multiples of 1, 2, 2.5 or 5 × 10ⁿ that span both values. */
export function niceTicks(low: number, high: number): number[] {
  const range = high - low || Math.abs(high) || 1;
  const size = 10 ** Math.floor(Math.log10(range / TICKS));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * size).find((each) => range / each <= TICKS + 0.5)!;
  const [first, last] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
  return Array.from({ length: Math.max(1, last - first) + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

/** Positions on an axis from `low` to `high`, laid over pixels. */
export function scaleOf(low: number, high: number, from: number, to: number): (value: number) => number {
  return (value) => from + ((to - from) * (value - low)) / (high - low || 1);
}

export interface ValueAxis {
  readonly y: (value: number) => number;
  /** SVG of grid lines and tick labels. */
  readonly grid: string;
}

/** The vertical axis over all values and zero. */
export function valueAxis(values: readonly number[], format: (value: number) => string): ValueAxis {
  const ticks = niceTicks(Math.min(0, ...values), Math.max(0, ...values));
  const y = scaleOf(ticks[0]!, ticks.at(-1)!, HEIGHT - MARGIN.bottom, MARGIN.top);
  const lines = ticks.map(
    (tick) =>
      `<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${at(y(tick))}" y2="${at(y(tick))}"/>` +
      `<text class="tick" x="${MARGIN.left - 6}" y="${at(y(tick) + 4)}" text-anchor="end">${escapeHtml(format(tick))}</text>`,
  );
  return { y, grid: lines.join('') };
}

/** Middle of the `i`-th of `count` places on the horizontal axis. */
export function slotOf(i: number, count: number): number {
  return MARGIN.left + ((WIDTH - MARGIN.left - MARGIN.right) * (i + 0.5)) / Math.max(1, count);
}

/** Every label, or every n-th where all would run into each other. */
export function slotLabels(labels: readonly string[], each?: number): string {
  const widest = Math.max(1, ...labels.map((label) => label.length)) * CHARACTER + LABEL_GAP;
  const room = (WIDTH - MARGIN.left - MARGIN.right) / Math.max(1, labels.length);
  const every = each ?? Math.ceil(widest / room);
  return labels
    .map((label, i) =>
      i % every === 0
        ? `<text class="tick" x="${at(slotOf(i, labels.length))}" y="${HEIGHT - 8}" text-anchor="middle">${escapeHtml(label)}</text>`
        : '',
    )
    .join('');
}

export interface LegendEntry {
  readonly label: string;
  readonly style: SeriesStyle;
  /** An area, which is drawn paler than a line. */
  readonly pale?: boolean;
}

/** A chart with its title, for a screen reader too, and a legend where there is more than one series. */
export function figure(title: string, svg: string, legend: readonly LegendEntry[], height = HEIGHT): string {
  const keys = legend.map(
    ({ label, style, pale }) =>
      `<span class="key ${style}${pale ? ' pale' : ''}">${escapeHtml(label)}</span>`,
  );
  return `<figure><figcaption>${escapeHtml(title)} ${keys.join(' ')}</figcaption><svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeHtml(title)}">${svg}</svg></figure>`;
}

export interface FigureParts {
  readonly title: string;
  readonly legend: readonly LegendEntry[];
  /** What is drawn, WIDTH wide. */
  readonly svg: string;
  readonly height: number;
}

const FIGURE =
  /^<figure><figcaption>(?<title>[^<]*) (?<keys>.*)<\/figcaption><svg viewBox="0 0 \d+ (?<height>\d+)"[^>]*>(?<svg>.*)<\/svg><\/figure>$/s;

/** Takes apart what `figure` put together. */
export function figureParts(html: string): FigureParts {
  const { title, keys, height, svg } = FIGURE.exec(html)?.groups ?? {};
  if (title === undefined || keys === undefined || svg === undefined)
    throw new Error(`not a figure: ${html.slice(0, 80)}`);
  const legend = [...keys.matchAll(/<span class="key (\w)( pale)?">([^<]*)<\/span>/g)].map(
    ([, style, pale, label]) => ({
      style: style as SeriesStyle,
      label: unescapeHtml(label!),
      pale: pale !== undefined,
    }),
  );
  return { title: unescapeHtml(title), legend, svg, height: Number(height) };
}

/** A tenth of a pixel is enough, and keeps the page small. */
export function at(value: number): string {
  return String(Number(value.toFixed(1)));
}
