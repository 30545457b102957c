import { gridGeometry } from '../charts/grid-geometry.ts';
import { pixel } from './axes.ts';
import { escapeHtml } from './escape-html.ts';
import { FIGURE_WIDTH, type Figure } from './figure.ts';
import { shortNumber } from './short-number.ts';

export interface HeatMapOptions {
  readonly title: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** `values[row][column]`, not negative; null leaves the cell empty. */
  readonly values: readonly (readonly (number | null)[])[];
  readonly format?: (value: number) => string;
}

const LEFT = 44;
const BOTTOM = 22;
const ROW_HEIGHT = 26;
/** Sets the opacity of a cell of zero, which still differs from the background. */
const PALEST = 0.04;

/** Draws one cell per pair; the largest value has the strongest colour. */
export function heatMap({ title, rows, columns, values, format = shortNumber }: HeatMapOptions): Figure {
  const most = Math.max(1e-12, ...values.flat().filter((value) => value !== null));
  const bottom = rows.length * ROW_HEIGHT;
  const cellOf = gridGeometry(
    { left: LEFT, right: FIGURE_WIDTH - 8, top: 0, bottom },
    { rows: rows.length, columns: columns.length },
  );
  const cells = values.flatMap((row, r) =>
    row.map((value, c) => {
      if (value === null) return '';
      const { x, y, width, height } = cellOf(r, c);
      const opacity = PALEST + (1 - PALEST) * (value / most);
      return (
        `<rect class="a" x="${pixel(x)}" y="${pixel(y)}" width="${pixel(width)}" height="${pixel(height)}" fill-opacity="${opacity.toFixed(3)}">` +
        `<title>${escapeHtml(`${rows[r]} ${columns[c]}: ${format(value)}`)}</title></rect>`
      );
    }),
  );
  const rowNames = rows.map(
    (name, r) =>
      `<text class="tick" x="${LEFT - 6}" y="${pixel(cellOf(r, 0).y + 17)}" text-anchor="end">${escapeHtml(name)}</text>`,
  );
  const columnNames = columns.map((name, c) => {
    const { x, width } = cellOf(0, c);
    return `<text class="tick" x="${pixel(x + width / 2)}" y="${bottom + BOTTOM - 6}" text-anchor="middle">${escapeHtml(name)}</text>`;
  });
  return {
    title: `${title} (strongest: ${format(most)})`,
    legend: [],
    marks: [...cells, ...rowNames, ...columnNames].join(''),
    height: bottom + BOTTOM,
  };
}
