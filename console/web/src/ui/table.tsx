import type { ReactNode } from 'react';

interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => ReactNode;
  readonly numeric?: boolean;
  /** Key to sort by; omitted, the column cannot be sorted. */
  readonly sort?: string;
}

interface TableProps<Row> {
  /** Names the table for screen readers. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly rowClass?: (row: Row) => string | undefined;
  readonly sorted?: { readonly by: string; readonly order: 'asc' | 'desc' } | undefined;
  readonly onSort?: (by: string) => void;
}

/** Shows rows in a table that scrolls sideways on a narrow screen. */
export function Table<Row>({ caption, columns, rows, rowKey, rowClass, sorted, onSort }: TableProps<Row>) {
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label={caption}>
      <table className="table">
        <caption className="hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ head, numeric, sort }) => (
              <th
                key={head}
                scope="col"
                className={numeric ? 'numeric' : undefined}
                aria-sort={
                  sort && sorted?.by === sort
                    ? sorted.order === 'asc'
                      ? 'ascending'
                      : 'descending'
                    : undefined
                }
              >
                {sort && onSort ? (
                  <button type="button" className="sort" onClick={() => onSort(sort)}>
                    {head}
                    <span aria-hidden="true">
                      {sorted?.by === sort ? (sorted.order === 'asc' ? ' ↑' : ' ↓') : ' ↕'}
                    </span>
                  </button>
                ) : (
                  head
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className={rowClass?.(row)}>
              {columns.map(({ head, cell, numeric }) => (
                <td key={head} className={numeric ? 'numeric' : undefined}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
