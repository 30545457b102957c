/** Reads the cells of a table as values, and sorts, filters and exports its rows by them. */
import { isValidElement, type ReactNode } from 'react';
import { csvOf, type CsvValue } from '../format/csv.ts';

export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => ReactNode;
  readonly numeric?: boolean;
  /** Value to sort, filter and export; omitted, the text of the cell. */
  readonly value?: (row: Row) => string | number | null | undefined;
  /** Key by which the server sorts. */
  readonly sort?: string;
}

export interface RowOrder {
  readonly by: string;
  readonly order: 'asc' | 'desc';
}

/** Properties whose text stands for a component without children, such as a time or a state. */
const TEXT_PROPERTIES = ['children', 'at', 'state', 'status', 'text'] as const;
type TextProperties = Readonly<Partial<Record<(typeof TEXT_PROPERTIES)[number], ReactNode>>>;

/** Returns the text inside a cell. A column whose components make their text of other properties needs `value`. */
export function textOf(node: ReactNode): string {
  return rawText(node).replace(/\s+/g, ' ').trim();
}

function rawText(node: ReactNode): string {
  if (typeof node === 'string' || typeof node === 'number') return String(node);
  if (Array.isArray(node)) return node.map(rawText).join('');
  if (!isValidElement<TextProperties>(node)) return '';
  const { props } = node;
  const property = TEXT_PROPERTIES.find((name) => props[name] !== undefined && props[name] !== null);
  return property ? ` ${rawText(props[property])} ` : '';
}

/** Returns null for an empty cell or a dash. */
export function valueOf<Row>({ cell, numeric, value }: Column<Row>, row: Row): CsvValue {
  if (value) return value(row) ?? null;
  const text = textOf(cell(row));
  if (text === '' || text === '–') return null;
  const amount = numeric ? Number(text.replaceAll(',', '').replace('−', '-')) : NaN;
  return Number.isFinite(amount) ? amount : text;
}

/** Tells whether a column has anything to sort or export; one of checkboxes has not. */
export function hasValues<Row>(column: Column<Row>, rows: readonly Row[]): boolean {
  return rows.some((row) => valueOf(column, row) !== null);
}

/** Sorts by a column. Empty cells come last in both orders. */
export function sortRows<Row>(rows: readonly Row[], column: Column<Row>, order: RowOrder['order']): Row[] {
  const sign = order === 'asc' ? 1 : -1;
  return rows
    .map((row) => ({ row, value: valueOf(column, row) }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
      return sign * compare(a.value, b.value);
    })
    .map(({ row }) => row);
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true, sensitivity: 'base' });
}

/** Keeps the rows that contain each word of the filter in some cell. */
export function filterRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  filter: string,
): readonly Row[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const texts = columns.flatMap((column) => [String(valueOf(column, row) ?? ''), textOf(column.cell(row))]);
    const all = texts.join('\n').toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

export function rowsAsCsv<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const filled = columns.filter((column) => hasValues(column, rows));
  return csvOf(
    filled.map(({ head }) => head),
    rows.map((row) => filled.map((column) => valueOf(column, row))),
  );
}
