/** Reads rows of declared columns of a parquet file. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { withParquet, doubleSql, isoSql, type ParquetColumn, type ParquetTable } from './parquet-file.ts';
import type { TableFile } from './table-file.ts';
import { cellOf, checkKind, Faults, placesOf, type DeclaredColumn, type TypedReader } from './typed-rows.ts';

/** Reads every row in order. @throws CitibikeError INVALID_INPUT like `readTypedRows`. */
export async function readParquetRows(file: TableFile, reader: TypedReader): Promise<void> {
  await withParquet(file, (connection, table) => readOpenParquet(connection, table, file, reader));
}

/** Reads like `readParquetRows`, from an open file. */
async function readOpenParquet(
  connection: DuckDBConnection,
  { source, columns }: ParquetTable,
  file: TableFile,
  reader: TypedReader,
): Promise<void> {
  const names = columns.map(({ name }) => name);
  const places = placesOf(file, names, reader.columns);
  const declared = reader.columns.map((column, i) => declaredSql(file, column, columns[places[i]!]));
  const result = await connection.stream(
    `SELECT ${[...declared, ...columns.map((column) => `coalesce(${textSql(column)}, '')`)].join(', ')} FROM ${source}`,
  );
  let first = 1;
  for await (const chunk of result) {
    const faults = new Faults(file);
    const rows: (string | number | null)[][] = [];
    const texts: string[][] = [];
    for (const [i, cells] of (chunk.getRows() as (string | number | null)[][]).entries()) {
      rows.push(
        reader.columns.map((column, j) => {
          const cell = cells[j] ?? null;
          return cell === null ? null : cellOf(cell, column, first + i, faults);
        }),
      );
      texts.push(cells.slice(reader.columns.length) as string[]);
    }
    faults.check();
    if (rows.length > 0) reader.rows({ first, rows, texts });
    first += rows.length;
  }
}

function declaredSql(file: TableFile, { as }: DeclaredColumn, column: ParquetColumn | undefined): string {
  if (!column) return 'NULL';
  checkKind(file, column, as);
  const isNumber = as !== 'text' && (column.kind === 'number' || column.kind === 'boolean');
  return isNumber ? doubleSql(column) : textSql(column);
}

/** Formats a cell as text. It adds a byte order mark, because DuckDB's client drops one at the start. */
function textSql({ kind, sql }: ParquetColumn): string {
  const text = kind === 'time' ? isoSql(sql) : `${sql}::VARCHAR`;
  return kind === 'text' ? `if(starts_with(${text}, chr(65279)), chr(65279), '') || ${text}` : text;
}
