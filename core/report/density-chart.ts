import { gridGeometry } from '../charts/grid-geometry.ts';
import { roundScale, ticksOf, linearScale, type Frame } from '../charts/scales.ts';
import { pixel } from './axes.ts';
import { escapeHtml } from './escape-html.ts';
import { FIGURE_WIDTH, type Figure, type SeriesStyle } from './figure.ts';
import { shortNumber } from './short-number.ts';

export interface DensityChartOptions {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  readonly style?: SeriesStyle;
}

const SIZE = 420;
const LEFT = (FIGURE_WIDTH - SIZE) / 2;
const TOP = 12;
const FRAME: Frame = { left: LEFT, right: LEFT + SIZE, top: TOP, bottom: TOP + SIZE };
const HEIGHT = FRAME.bottom + 40;
/** Counts the cells along each axis. */
const CELLS = 42;
/** Sets the opacity of a cell of one point. */
const PALEST = 0.15;

/** Counts points in cells of two axes of the same scale, and draws the line on which both values are equal. */
export function densityChart({ title, xTitle, yTitle, points, style = 'a' }: DensityChartOptions): Figure {
  const x = roundScale(
    points.flatMap((point) => [point.x, point.y]),
    [FRAME.left, FRAME.right],
    true,
  );
  const y = linearScale(x.domain, [FRAME.bottom, FRAME.top]);
  const placeOf = (at: number, from: number) =>
    Math.min(CELLS - 1, Math.max(0, Math.floor((CELLS * (at - from)) / SIZE)));
  const counts = new Map<number, number>();
  for (const point of points) {
    const cell = placeOf(x(point.x), FRAME.left) * CELLS + placeOf(y(point.y), FRAME.top);
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  const cellOf = gridGeometry(FRAME, { rows: CELLS, columns: CELLS, gap: 0 });
  const filled = [...counts].map(([cell, count]) => ({
    count,
    ...cellOf(cell % CELLS, Math.floor(cell / CELLS)),
  }));
  const most = filled.reduce((max, { count }) => Math.max(max, count), 1);
  const cells = filled.map((cell) => {
    // Logarithmic, because most points lie in a few cells.
    const opacity = PALEST + (1 - PALEST) * (most > 1 ? Math.log(cell.count) / Math.log(most) : 1);
    return (
      `<rect class="${style}" x="${pixel(cell.x)}" y="${pixel(cell.y)}" width="${pixel(cell.width)}" height="${pixel(cell.height)}" fill-opacity="${opacity.toFixed(2)}">` +
      `<title>${escapeHtml(`${cell.count} of ${points.length}`)}</title></rect>`
    );
  });
  const grid = ticksOf(x).map(({ value, at }) => {
    const [across, up] = [pixel(at), pixel(y(value))];
    const text = escapeHtml(shortNumber(value));
    return (
      `<line class="grid" x1="${FRAME.left}" x2="${FRAME.right}" y1="${up}" y2="${up}"/>` +
      `<line class="grid" x1="${across}" x2="${across}" y1="${FRAME.top}" y2="${FRAME.bottom}"/>` +
      `<text class="tick" x="${FRAME.left - 6}" y="${pixel(y(value) + 4)}" text-anchor="end">${text}</text>` +
      `<text class="tick" x="${across}" y="${FRAME.bottom + 16}" text-anchor="middle">${text}</text>`
    );
  });
  return {
    title,
    legend: [],
    marks: [...grid, ...cells, diagonal(), axisTitles(xTitle, yTitle)].join(''),
    height: HEIGHT,
  };
}

function diagonal(): string {
  const { left, right, top, bottom } = FRAME;
  return `<line class="threshold" x1="${left}" y1="${bottom}" x2="${right}" y2="${top}"/>`;
}

function axisTitles(xTitle: string, yTitle: string): string {
  const [x, y] = [FRAME.left - 56, FRAME.top + SIZE / 2];
  return (
    `<text class="tick" x="${FRAME.left + SIZE / 2}" y="${HEIGHT - 4}" text-anchor="middle">${escapeHtml(xTitle)}</text>` +
    `<text class="tick" transform="rotate(-90 ${x} ${y})" x="${x}" y="${y}" text-anchor="middle">${escapeHtml(yTitle)}</text>`
  );
}
