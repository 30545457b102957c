import { Figure } from './figure.tsx';
import { useWidth } from './use-width.ts';

export interface HeatCell {
  readonly row: string;
  readonly column: string;
  /** 0 (calm) to 4 (loud). */
  readonly level: 0 | 1 | 2 | 3 | 4;
  /** Crossed: over its threshold. Said by a mark too, never by colour alone. */
  readonly marked: boolean;
  readonly text: string;
}

interface HeatMapProps {
  readonly title: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly cells: readonly HeatCell[];
  readonly columnLabel?: (column: string) => string;
  /** A pointer's short way; whatever it does can be done by a field of the page too. */
  readonly onChoose?: (row: string, column: string) => void;
  readonly chosen?: { readonly row: string | undefined; readonly column: string | undefined };
}

const ROW_HEIGHT = 22;

/** A row a column of data, a column a week. */
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
  const height = rows.length * ROW_HEIGHT + 22;
  const every = Math.max(1, Math.ceil(52 / slot));
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
          width={left + slot * columns.length + 4}
          height={height}
          role="img"
          aria-label={`${title}; the figures are below as a table`}
        >
          {rows.map((row, i) => (
            <text key={row} className="tick" x={left - 6} y={i * ROW_HEIGHT + 15} textAnchor="end">
              {row}
            </text>
          ))}
          {cells.map((cell) => {
            const x = left + columns.indexOf(cell.column) * slot;
            const y = rows.indexOf(cell.row) * ROW_HEIGHT;
            return (
              <g
                key={`${cell.row} ${cell.column}`}
                className={onChoose ? 'heat-cell' : undefined}
                onClick={() => onChoose?.(cell.row, cell.column)}
              >
                <rect
                  className={`heat heat-${cell.level}${cell.row === chosen?.row && cell.column === chosen.column ? ' heat-chosen' : ''}`}
                  x={x}
                  y={y}
                  width={slot - 1}
                  height={ROW_HEIGHT - 2}
                  rx="2"
                >
                  <title>{`${cell.row}, ${cell.column}: ${cell.text}`}</title>
                </rect>
                {cell.marked && <circle className="heat-mark" cx={x + (slot - 1) / 2} cy={y + 10} r="2.5" />}
              </g>
            );
          })}
          {columns.map(
            (column, i) =>
              i % every === 0 && (
                <text key={column} className="tick" x={left + i * slot} y={height - 4}>
                  {columnLabel(column)}
                </text>
              ),
          )}
        </svg>
      </div>
    </Figure>
  );
}
