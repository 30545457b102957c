/** Defines a table of columns for drift, for frames of the service and for any file. */
import { CitibikeError } from '../../../contracts/errors.ts';
import { showValue } from '../../../contracts/show-value.ts';

export type ColumnType = 'num' | 'cat';
export type Category = string | number;

/** Represents values, with NaN for missing ones. Infinities are allowed, and removed before a test. */
export interface NumericColumn {
  readonly type: 'num';
  readonly values: Float64Array;
  /** Finite values in ascending order, if they have been sorted already. */
  readonly sorted?: Float64Array;
}

/** Represents values, with null for missing ones. */
export interface CategoricalColumn {
  readonly type: 'cat';
  readonly values: readonly (Category | null)[];
  /** The same values as codes, if the column was read so. Row i has `categories[codes[i]]`, or no value if the code is −1. */
  readonly codes?: Int32Array;
  /** Distinct categories. */
  readonly categories?: readonly Category[];
}

export type Column = NumericColumn | CategoricalColumn;

export interface Table {
  readonly rows: number;
  /** Columns by name, each with `rows` values. */
  readonly columns: ReadonlyMap<string, Column>;
}

/** @throws CitibikeError INVALID_INPUT when the column is missing. */
export function columnOf(table: Table, name: string): Column {
  const column = table.columns.get(name);
  if (column) return column;
  const known = [...table.columns.keys()].join(', ');
  throw new CitibikeError('INVALID_INPUT', `no column ${showValue(name)}; the table has ${known}`);
}

/** @throws CitibikeError INVALID_INPUT when the column is missing or not numeric. */
export function numbersOf(table: Table, name: string): Float64Array {
  const column = columnOf(table, name);
  if (column.type === 'num') return column.values;
  throw new CitibikeError('INVALID_INPUT', `column ${showValue(name)} contains categories, expected numbers`);
}

/** Returns the rows at `indices`, in that order. */
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
