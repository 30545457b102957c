/** A table file in memory: columns of numbers, and of categories by number. */
import type { CodedColumn } from './coded-column.ts';

/** NaN where missing. */
export interface NumberColumn {
  readonly type: 'num';
  readonly values: Float64Array;
}

/** Every column has `rows` values. */
export interface ColumnTable {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, NumberColumn | CodedColumn>;
}
