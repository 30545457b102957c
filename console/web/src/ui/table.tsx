import { useState } from 'react';
import { csvName } from '../format/csv.ts';
import { number } from '../format/numbers.ts';
import { saveText } from './save-text.ts';
import { filterRows, hasValues, rowsAsCsv, sortRows, type Column, type RowOrder } from './table-rows.ts';

interface TableProps<Row> {
  /** Names the table for screen readers, and its CSV file. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly rowClass?: (row: Row) => string | undefined;
  /** Order of the server, for a list that the server sorts. Without `onSort`, the table sorts the rows itself. */
  readonly sorted?: RowOrder | undefined;
  readonly onSort?: (by: string) => void;
  readonly tight?: boolean;
  /** Leaves out filter and CSV, as in a dialog. */
  readonly plain?: boolean;
  /** Number of rows that are shown at first, and added on request. Filter, order and CSV cover all rows. */
  readonly page?: number;
  /** True if the server has more rows than are loaded, so that the filter cannot cover them. */
  readonly isPartial?: boolean;
}

/** Sets the number of rows from which a table offers a filter and CSV. */
const TOOLS_FROM = 5;

/** Shows rows in a table that sorts, filters, pages and exports them, and scrolls sideways on a narrow screen. */
export function Table<Row>(props: TableProps<Row>) {
  const { caption, columns, rows, rowKey, rowClass, onSort, tight = false, plain = false } = props;
  const { page = Infinity, isPartial = false } = props;
  const [filter, setFilter] = useState('');
  const [own, setOwn] = useState<RowOrder>();
  const [room, setRoom] = useState(page);
  const sorted = onSort ? props.sorted : own;
  const by = own && columns.find(({ head }) => head === own.by);
  const kept = filterRows(rows, columns, filter);
  const shown = own && by && !onSort ? sortRows(kept, by, own.order) : kept;
  const sortByHead = (head: string) =>
    setOwn(
      own?.by !== head
        ? { by: head, order: 'asc' }
        : own.order === 'asc'
          ? { by: head, order: 'desc' }
          : undefined,
    );
  return (
    <>
      {!plain && rows.length >= TOOLS_FROM && (
        <div className="table-tools">
          <input
            type="search"
            aria-label={`Filter: ${caption}`}
            placeholder={isPartial ? 'Filter the loaded rows' : 'Filter these rows'}
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
          {filter && (
            <span className="hint" role="status">
              {number(shown.length)} of {isPartial && 'the '}
              {number(rows.length)} {isPartial ? 'loaded rows' : 'rows'}
            </span>
          )}
          <button
            type="button"
            className="button button-small"
            aria-label={`Save as CSV: ${caption}`}
            onClick={() => saveText(csvName(caption), 'text/csv', rowsAsCsv(columns, shown))}
          >
            CSV
          </button>
        </div>
      )}
      <div className="scroll-x" tabIndex={0} role="region" aria-label={caption}>
        <table className={tight ? 'table table-tight' : 'table'}>
          <caption className="hidden">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => {
                const key = onSort ? column.sort : column.head;
                const order = sorted?.by === key ? sorted?.order : undefined;
                const sortable = key && (onSort || (rows.length > 1 && hasValues(column, rows)));
                return (
                  <th
                    key={column.head}
                    scope="col"
                    className={column.numeric ? 'numeric' : undefined}
                    aria-sort={order && (order === 'asc' ? 'ascending' : 'descending')}
                  >
                    {sortable ? (
                      <button
                        type="button"
                        className="sort"
                        onClick={() => (onSort ? onSort(key) : sortByHead(key))}
                      >
                        {column.head}
                        <span aria-hidden="true" className={order ? 'sort-mark' : 'sort-mark sort-mark-idle'}>
                          {order === undefined ? '↕' : order === 'asc' ? '↑' : '↓'}
                        </span>
                      </button>
                    ) : (
                      column.head
                    )}
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {shown.slice(0, room).map((row) => (
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
      {shown.length > room && (
        <button type="button" className="button" onClick={() => setRoom(room + page)}>
          Load more ({number(shown.length - room)} left)
        </button>
      )}
    </>
  );
}
