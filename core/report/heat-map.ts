import { escapeHtml } from './escape-html.ts';
import { WIDTH, at, figure } from './plot.ts';
import { shortNumber } from './short-number.ts';

export interface HeatMapOptions {
  readonly title: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** `values[row][column]`, not negative; null where there is nothing. */
  readonly values: readonly (readonly (number | null)[])[];
  readonly format?: (value: number) => string;
}

const LEFT = 44;
const BOTTOM = 22;
const CELL_HEIGHT = 26;
/** The least value is still told from the background. */
const PALEST = 0.04;

/** One cell a pair, stronger the more; the strongest is the largest value. */
export function heatMap({ title, rows, columns, values, format = shortNumber }: HeatMapOptions): string {
  const width = (WIDTH - LEFT - 8) / columns.length;
  const most = Math.max(1e-12, ...values.flat().filter((value) => value !== null));
  const cells = values.flatMap((row, r) =>
    row.map((value, c) => {
      if (value === null) return '';
      const opacity = PALEST + (1 - PALEST) * (value / most);
      return (
        `<rect class="a" x="${at(LEFT + c * width)}" y="${r * CELL_HEIGHT}" width="${at(width - 1)}" height="${CELL_HEIGHT - 1}" fill-opacity="${opacity.toFixed(3)}">` +
        `<title>${escapeHtml(`${rows[r]} ${columns[c]}: ${format(value)}`)}</title></rect>`
      );
    }),
  );
  const height = rows.length * CELL_HEIGHT + BOTTOM;
  const names = [
    ...rows.map(
      (name, r) =>
        `<text class="tick" x="${LEFT - 6}" y="${r * CELL_HEIGHT + 17}" text-anchor="end">${escapeHtml(name)}</text>`,
    ),
    ...columns.map(
      (name, c) =>
        `<text class="tick" x="${at(LEFT + (c + 0.5) * width)}" y="${height - 6}" text-anchor="middle">${escapeHtml(name)}</text>`,
    ),
  ];
  return figure(`${title} (strongest: ${format(most)})`, `${cells.join('')}${names.join('')}`, [], height);
}
