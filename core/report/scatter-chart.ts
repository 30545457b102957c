import { roundScale, ticksOf } from '../charts/scales.ts';
import { FIGURE_HEIGHT, FRAME, pixel, valueAxis } from './axes.ts';
import { escapeHtml } from './escape-html.ts';
import type { Figure, SeriesStyle } from './figure.ts';
import { shortNumber } from './short-number.ts';

interface ScatterGroup {
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

/** Draws points over two axes; the vertical one covers zero, the horizontal one only the points. */
export function scatterChart({ title, xTitle, groups, format = shortNumber }: ScatterChartOptions): Figure {
  const all = groups.flatMap(({ points }) => points);
  const y = roundScale(
    all.map((point) => point.y),
    [FRAME.bottom, FRAME.top],
    true,
  );
  const x = roundScale(
    all.map((point) => point.x),
    [FRAME.left + 8, FRAME.right - 8],
  );
  const names = ticksOf(x).map(
    ({ value, at }) =>
      `<text class="tick" x="${pixel(at)}" y="${FIGURE_HEIGHT - 12}" text-anchor="middle">${escapeHtml(shortNumber(value))}</text>`,
  );
  const dots = groups.flatMap(({ points, style }) =>
    points.map(
      (point) =>
        `<circle class="${style} dot" cx="${pixel(x(point.x))}" cy="${pixel(y(point.y))}" r="3.5">` +
        `<title>${escapeHtml(`${point.label}: ${shortNumber(point.x)}, ${format(point.y)}`)}</title></circle>`,
    ),
  );
  const axisTitle = `<text class="tick" x="${FRAME.right}" y="${FIGURE_HEIGHT - 1}" text-anchor="end">${escapeHtml(xTitle)}</text>`;
  return {
    title,
    legend: groups.length > 1 ? groups : [],
    marks: [valueAxis(ticksOf(y), format), ...names, axisTitle, ...dots].join(''),
    height: FIGURE_HEIGHT,
  };
}
