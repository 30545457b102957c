import { gridGeometry } from '../../../../core/charts/grid-geometry.ts';
import { labelStep } from '../../../../core/charts/label-step.ts';
import { Figure } from './figure.tsx';
import { useWidth } from './use-width.ts';

export interface HeatCell {
  readonly row: string;
  readonly column: string;
  /** Strength of the colour, from 0 to 4. */
  readonly level: 0 | 1 | 2 | 3 | 4;
  /** Draws a dot on a cell beyond its threshold, so that colour alone does not tell it. */
  readonly marked: boolean;
  readonly text: string;
}

interface HeatMapProps {
  readonly title: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly cells: readonly HeatCell[];
  readonly columnLabel?: (column: string) => string;
  /** A shortcut for the pointer; fields of the page do the same for the keyboard. */
  readonly onChoose?: (row: string, column: string) => void;
  readonly chosen?: { readonly row: string | undefined; readonly column: string | undefined };
}

const ROW_HEIGHT = 22;

/** Draws one row per data column and one column per week. */
export function HeatMap({
  title,
  rows,
  columns,
  cells,
  columnLabel = (name) => name,
  onChoose,
  chosen,
}: HeatMapProps) {
  const [element, width] = useWidth<HTMLDivElement>();
  const left = Math.min(130, Math.max(70, 8 + 6.4 * Math.max(0, ...rows.map(({ length }) => length))));
  const slot = Math.max(7, (width - left - 4) / Math.max(1, columns.length));
  const bottom = rows.length * ROW_HEIGHT;
  const [right, height] = [left + slot * columns.length, bottom + 22];
  const cellOf = gridGeometry(
    { left, right, top: 0, bottom },
    { rows: rows.length, columns: columns.length },
  );
  const every = labelStep(columns.map(columnLabel), right - left);
  return (
    <Figure
      title={title}
      table={{
        head: ['column', 'week', 'finding'],
        rows: cells.map(({ row, column, text }) => [row, column, text]),
      }}
    >
      <div ref={element} className="scroll-x" tabIndex={0} role="region" aria-label={title}>
        <svg
          className="chart"
          width={right + 4}
          height={height}
          role="img"
          aria-label={`${title}; a table with the values follows`}
        >
          {rows.map((row, i) => (
            <text key={row} className="tick" x={left - 6} y={i * ROW_HEIGHT + 15} textAnchor="end">
              {row}
            </text>
          ))}
          {cells.map((cell) => {
            const box = cellOf(rows.indexOf(cell.row), columns.indexOf(cell.column));
            return (
              <g
                key={`${cell.row} ${cell.column}`}
                className={onChoose ? 'heat-cell' : undefined}
                onClick={() => onChoose?.(cell.row, cell.column)}
              >
                <rect
                  className={`heat heat-${cell.level}${cell.row === chosen?.row && cell.column === chosen.column ? ' heat-chosen' : ''}`}
                  {...box}
                  rx="2"
                >
                  <title>{`${cell.row}, ${cell.column}: ${cell.text}`}</title>
                </rect>
                {cell.marked && (
                  <circle
                    className="heat-mark"
                    cx={box.x + box.width / 2}
                    cy={box.y + box.height / 2}
                    r="2.5"
                  />
                )}
              </g>
            );
          })}
          {columns.map(
            (column, i) =>
              i % every === 0 && (
                <text
                  key={column}
                  className="tick"
                  x={left + (i + 0.5) * slot}
                  y={height - 4}
                  textAnchor="middle"
                >
                  {columnLabel(column)}
                </text>
              ),
          )}
        </svg>
      </div>
    </Figure>
  );
}
