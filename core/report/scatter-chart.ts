import { escapeHtml } from './escape-html.ts';
import {
  HEIGHT,
  MARGIN,
  WIDTH,
  at,
  figure,
  niceTicks,
  scaleOf,
  valueAxis,
  type SeriesStyle,
} from './plot.ts';
import { shortNumber } from './short-number.ts';

export interface ScatterGroup {
  readonly label: string;
  readonly style: SeriesStyle;
  readonly points: readonly { readonly x: number; readonly y: number; readonly label: string }[];
}

export interface ScatterChartOptions {
  readonly title: string;
  readonly xTitle: string;
  readonly groups: readonly ScatterGroup[];
  readonly format?: (value: number) => string;
}

/** Points over two axes; the vertical one starts at zero, the horizontal one where the points do. */
export function scatterChart({ title, xTitle, groups, format = shortNumber }: ScatterChartOptions): string {
  const all = groups.flatMap(({ points }) => points);
  const { y, grid } = valueAxis(
    all.map((point) => point.y),
    format,
  );
  const xs = all.map((point) => point.x);
  const ticks = xs.length > 0 ? niceTicks(Math.min(...xs), Math.max(...xs)) : [0, 1];
  const x = scaleOf(ticks[0]!, ticks.at(-1)!, MARGIN.left + 8, WIDTH - MARGIN.right - 8);
  const names = ticks.map(
    (tick) =>
      `<text class="tick" x="${at(x(tick))}" y="${HEIGHT - 12}" text-anchor="middle">${escapeHtml(shortNumber(tick))}</text>`,
  );
  const dots = groups.flatMap(({ points, style }) =>
    points.map(
      (point) =>
        `<circle class="${style} dot" cx="${at(x(point.x))}" cy="${at(y(point.y))}" r="3.5"><title>${escapeHtml(`${point.label}: ${shortNumber(point.x)}, ${format(point.y)}`)}</title></circle>`,
    ),
  );
  const axis = `<text class="tick" x="${WIDTH - MARGIN.right}" y="${HEIGHT - 1}" text-anchor="end">${escapeHtml(xTitle)}</text>`;
  return figure(title, `${grid}${names.join('')}${axis}${dots.join('')}`, groups.length > 1 ? groups : []);
}
