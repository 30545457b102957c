import { type ReactNode, useState } from 'react';
import { Table } from '../ui/table.tsx';

interface FigureTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly ReactNode[])[];
}

interface FigureRow {
  readonly cells: readonly ReactNode[];
  readonly row: number;
}

interface FigureProps {
  readonly title: string;
  readonly legend?: ReactNode;
  /** The values of the chart, for screen readers and for copying. */
  readonly table: FigureTable;
  readonly children: ReactNode;
}

/** Longer tables are rendered once they are opened, because a hidden one of a month's hours slows the page down. */
const MOST_HIDDEN_ROWS = 200;

/** Frames a chart with its title, legend and values. */
export function Figure({ title, legend, table, children }: FigureProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <figure className="figure">
      <figcaption className="figure-title">{title}</figcaption>
      {legend}
      {children}
      <details className="figure-numbers" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>Show values</summary>
        {(isOpen || table.rows.length <= MOST_HIDDEN_ROWS) && (
          <Table
            tight
            caption={`Values of ${title}`}
            rows={table.rows.map((cells, row): FigureRow => ({ cells, row }))}
            rowKey={({ row }) => String(row)}
            columns={table.head.map((head, column) => ({
              head,
              numeric: column > 0,
              cell: ({ cells }: FigureRow) => cells[column],
            }))}
          />
        )}
      </details>
    </figure>
  );
}

interface LegendProps {
  readonly entries: readonly {
    readonly label: string;
    readonly tone: number;
    readonly mark?: 'line' | 'dashes' | 'faint' | 'area' | 'shade';
    readonly value?: string | undefined;
  }[];
}

const LINE_CLASS = { line: '', dashes: ' dashed', faint: ' faint' } as const;

/** Explains each colour and mark, with the value under the cursor. */
export function Legend({ entries }: LegendProps) {
  return (
    <ul className="legend">
      {entries.map(({ label, tone, mark = 'line', value }) => (
        <li key={label}>
          <svg width="20" height="10" aria-hidden="true">
            {mark === 'area' || mark === 'shade' ? (
              <rect
                x="1"
                width="18"
                height="10"
                className={mark === 'area' ? `band tone-${tone}` : 'shade'}
              />
            ) : (
              <line x1="1" x2="19" y1="5" y2="5" className={`line tone-${tone}${LINE_CLASS[mark]}`} />
            )}
          </svg>
          {label}
          {value !== undefined && <b className="num">{value}</b>}
        </li>
      ))}
    </ul>
  );
}
