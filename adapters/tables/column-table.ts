/** A table file in memory: columns of numbers, and of categories by number. */
import type { CodedColumn } from './coded-column.ts';

/** NaN where missing. */
export interface NumberColumn {
  readonly type: 'num';
  readonly values: Float64Array;
}

/** A column of the file that is not in the table. */
export interface LeftOut {
  readonly name: string;
  /** Completes "left out: ". */
  readonly reason: string;
}

/** Every column has `rows` values. */
export interface ColumnTable {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, NumberColumn | CodedColumn>;
  readonly leftOut: readonly LeftOut[];
}

export interface ReadOptions {
  /** Columns whose numbers are names. */
  readonly categorical?: readonly string[];
  /** Timestamp columns of parquet that are wanted, as texts; others are left out, as Evidently does. */
  readonly times?: readonly string[];
  /** Size in bytes from which a CSV without quotes is read without a parser; by default always. */
  readonly plainBytes?: number;
}
