/** Holds a table file in memory, as columns of numbers and of coded categories. */
import type { CodedColumn } from './coded-column.ts';

/** Represents a column of numbers; missing values are NaN. */
export interface NumberColumn {
  readonly type: 'num';
  readonly values: Float64Array;
}

/** Represents a column of the file that the table omits. */
export interface LeftOut {
  readonly name: string;
  /** Completes "left out: ". */
  readonly reason: string;
}

/** Represents a table whose columns have `rows` values each. */
export interface ColumnTable {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, NumberColumn | CodedColumn>;
  readonly leftOut: readonly LeftOut[];
}

export interface ReadOptions {
  /** Columns whose numbers are names. */
  readonly categorical?: readonly string[];
  /** Timestamp columns of parquet to read as texts; others are omitted, as in Evidently. */
  readonly times?: readonly string[];
  /** Minimum size in bytes of a CSV without quotes that is read without a parser; 0 by default. */
  readonly plainBytes?: number;
}
