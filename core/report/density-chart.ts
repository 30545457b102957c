import { escapeHtml } from './escape-html.ts';
import { MARGIN, WIDTH, at, figure, niceTicks, scaleOf, type SeriesStyle } from './plot.ts';
import { shortNumber } from './short-number.ts';

export interface DensityChartOptions {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  readonly style?: SeriesStyle;
}

const SIZE = 420;
const LEFT = (WIDTH - SIZE) / 2;
const BOTTOM = 40;
const HEIGHT = MARGIN.top + SIZE + BOTTOM;
/** Cells on each axis. */
const CELLS = 42;
/** A cell of one point is still seen. */
const PALEST = 0.15;

/** Points over two axes of the same scale, counted in cells (the stronger, the more), with the line on which both are the same. */
export function densityChart({ title, xTitle, yTitle, points, style = 'a' }: DensityChartOptions): string {
  const values = points.flatMap(({ x, y }) => [x, y]);
  const ticks = niceTicks(Math.min(0, ...values), Math.max(0, ...values));
  const [low, high] = [ticks[0]!, ticks.at(-1)!];
  const x = scaleOf(low, high, LEFT, LEFT + SIZE);
  const y = scaleOf(low, high, MARGIN.top + SIZE, MARGIN.top);
  const cell = (value: number) =>
    Math.min(CELLS - 1, Math.max(0, Math.floor((CELLS * (value - low)) / (high - low))));
  const counts = new Map<number, number>();
  for (const point of points) {
    const key = cell(point.x) * CELLS + cell(point.y);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const most = Math.max(1, ...counts.values());
  const size = SIZE / CELLS;
  const cells = [...counts].map(([key, count]) => {
    const [column, row] = [Math.floor(key / CELLS), key % CELLS];
    // Logarithmic, because most points lie in a few cells.
    const opacity = PALEST + (1 - PALEST) * (most > 1 ? Math.log(count) / Math.log(most) : 1);
    return (
      `<rect class="${style}" x="${at(LEFT + column * size)}" y="${at(MARGIN.top + SIZE - (row + 1) * size)}" width="${at(size)}" height="${at(size)}" fill-opacity="${opacity.toFixed(2)}">` +
      `<title>${escapeHtml(`${count} of ${points.length}`)}</title></rect>`
    );
  });
  const grid = ticks.map(
    (tick) =>
      `<line class="grid" x1="${LEFT}" x2="${LEFT + SIZE}" y1="${at(y(tick))}" y2="${at(y(tick))}"/>` +
      `<line class="grid" x1="${at(x(tick))}" x2="${at(x(tick))}" y1="${MARGIN.top}" y2="${MARGIN.top + SIZE}"/>` +
      `<text class="tick" x="${LEFT - 6}" y="${at(y(tick) + 4)}" text-anchor="end">${escapeHtml(shortNumber(tick))}</text>` +
      `<text class="tick" x="${at(x(tick))}" y="${MARGIN.top + SIZE + 16}" text-anchor="middle">${escapeHtml(shortNumber(tick))}</text>`,
  );
  const middle = MARGIN.top + SIZE / 2;
  const names =
    `<text class="tick" x="${LEFT + SIZE / 2}" y="${HEIGHT - 4}" text-anchor="middle">${escapeHtml(xTitle)}</text>` +
    `<text class="tick" transform="rotate(-90 ${LEFT - 56} ${middle})" x="${LEFT - 56}" y="${middle}" text-anchor="middle">${escapeHtml(yTitle)}</text>`;
  const diagonal = `<line class="threshold" x1="${LEFT}" y1="${MARGIN.top + SIZE}" x2="${LEFT + SIZE}" y2="${MARGIN.top}"/>`;
  return figure(title, `${grid.join('')}${cells.join('')}${diagonal}${names}`, [], HEIGHT);
}
