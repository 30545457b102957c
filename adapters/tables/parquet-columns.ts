/** Reads a whole parquet file as columns of numbers or categories, by explicit casts in DuckDB. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnTable, LeftOut, ReadOptions } from './column-table.ts';
import {
  fillColumns,
  NULL_TEXT_SQL,
  NumberVectors,
  TextVectors,
  type SelectedColumn,
} from './duckdb-columns.ts';
import { INDEX_REASON, isIndexColumn } from './header.ts';
import { doubleSql, isoSql, withParquet, type ParquetColumn, type ParquetKind } from './parquet-file.ts';
import type { TableFile } from './table-file.ts';

/** Reasons not to compare columns of a kind. */
const REASONS: Readonly<Partial<Record<ParquetKind, string>>> = {
  time: 'timestamps',
  zoned: 'times with a zone',
};

/**
 * Numbers and booleans become numbers unless named as categorical, everything else categories. Timestamps are left
 * out, as Evidently leaves them out; those that are wanted are in the table all the same.
 * @throws CitibikeError INVALID_INPUT if the file is not a whole parquet file.
 */
export async function readParquetColumns(
  file: TableFile,
  { categorical = [], times = [] }: ReadOptions,
): Promise<ColumnTable> {
  return withParquet(file, async (connection, { source, columns, rows }) => {
    const leftOut = columns.flatMap(({ name, kind }, i): LeftOut[] => {
      if (isIndexColumn(name, i)) return [{ name, reason: INDEX_REASON }];
      const reason = REASONS[kind];
      return reason === undefined ? [] : [{ name, reason }];
    });
    const names = new Set(leftOut.map(({ name }) => name));
    const wanted = columns.filter(
      ({ name, kind }) => !names.has(name) || (kind === 'time' && times.includes(name)),
    );
    const built = await readColumns(connection, source, wanted, categorical, rows);
    return { rows, columns: built, leftOut };
  });
}

async function readColumns(
  connection: DuckDBConnection,
  source: string,
  columns: readonly ParquetColumn[],
  categorical: readonly string[],
  rows: number,
): Promise<ColumnTable['columns']> {
  const isCategory = ({ name }: ParquetColumn): boolean => categorical.includes(name);
  const selected = columns.map((column): SelectedColumn => {
    const { sql } = column;
    if (column.kind !== 'number' && column.kind !== 'boolean') {
      return {
        sql: textSql(column.kind === 'time' ? isoSql(sql) : `${sql}::VARCHAR`),
        builder: new TextVectors(rows, { areNumbers: false }),
      };
    }
    return isCategory(column)
      ? {
          sql: textSql(`${isWhole(column) ? column.sql : doubleSql(column)}::VARCHAR`),
          builder: new TextVectors(rows, { areNumbers: true }),
        }
      : { sql: `coalesce(${doubleSql(column)}, 'NaN'::DOUBLE)`, builder: new NumberVectors(rows) };
  });
  if (selected.length > 0) await fillColumns(connection, source, selected);
  return new Map(
    columns.map((column, i) => [column.name, selected[i]!.builder.build(rows, isCategory(column))]),
  );
}

/** Tells whether a type is whole. Doubles cannot hold every 64-bit integer, and these are names. */
const isWhole = ({ type }: ParquetColumn): boolean => /INT/.test(type);

/** Replaces nulls in DuckDB, because reading a vector with nulls takes ten times as long. A cast instead of `encode` would read escapes. */
const textSql = (text: string): string => `coalesce(encode(${text}), ${NULL_TEXT_SQL})`;
