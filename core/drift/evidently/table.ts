/** Columns side by side, as the drift engine reads them; one type for the service's frames and for any file. */
import { CitibikeError } from '../../../contracts/errors.ts';
import { showValue } from '../../../contracts/show-value.ts';

export type ColumnType = 'num' | 'cat';
export type Category = string | number;

/** NaN where missing; infinities are allowed in and cleaned out before a test. */
export interface NumericColumn {
  readonly type: 'num';
  readonly values: Float64Array;
  /** The finite ones, ascending, where they have been sorted already. */
  readonly sorted?: Float64Array;
}

/** null where missing. */
export interface CategoricalColumn {
  readonly type: 'cat';
  readonly values: readonly (Category | null)[];
  /** The same by number, where the column was read so: row i has `categories[codes[i]]`, or none where the code is −1. */
  readonly codes?: Int32Array;
  /** Distinct. */
  readonly categories?: readonly Category[];
}

export type Column = NumericColumn | CategoricalColumn;

export interface Table {
  readonly rows: number;
  /** Every column has `rows` values. */
  readonly columns: ReadonlyMap<string, Column>;
}

/** @throws CitibikeError INVALID_INPUT when the column is not there. */
export function columnOf(table: Table, name: string): Column {
  const column = table.columns.get(name);
  if (column) return column;
  const known = [...table.columns.keys()].join(', ');
  throw new CitibikeError('INVALID_INPUT', `no column ${showValue(name)}; the table has ${known}`);
}

/** @throws CitibikeError INVALID_INPUT when the column is not there or not numeric. */
export function numbersOf(table: Table, name: string): Float64Array {
  const column = columnOf(table, name);
  if (column.type === 'num') return column.values;
  throw new CitibikeError('INVALID_INPUT', `column ${showValue(name)} holds categories, expected numbers`);
}

/** The rows at `indices`, in that order. */
export function selectRows(table: Table, indices: readonly number[]): Table {
  const columns = new Map<string, Column>();
  for (const [name, column] of table.columns) {
    columns.set(
      name,
      column.type === 'num'
        ? { type: 'num', values: Float64Array.from(indices, (i) => column.values[i]!) }
        : { type: 'cat', values: indices.map((i) => column.values[i] ?? null) },
    );
  }
  return { rows: indices.length, columns };
}
