/** Writes rows as parquet. The same rows give the same bytes, so that a digest identifies the content. */
import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  DuckDBDataChunk,
  INTEGER,
  VARCHAR,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { sqlText, withDuckDb } from './with-duckdb.ts';

/** Represents supported column types. A DATE is a text `YYYY-MM-DD`, a BIGINT a whole number. */
type ColumnType = 'DATE' | 'INTEGER' | 'BIGINT' | 'DOUBLE' | 'BOOLEAN';
export type Cell = string | number | boolean | null;

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

/** Sets the rows per chunk, DuckDB's vector size. */
const CHUNK_ROWS = 2048;

const APPENDED_AS: Record<ColumnType, DuckDBType> = {
  DATE: VARCHAR,
  INTEGER,
  BIGINT,
  DOUBLE,
  BOOLEAN,
};

/** Writes the rows in the given order, on one thread, because several would race for the order of row groups. */
export async function writeParquet(
  file: string,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): Promise<void> {
  await withDuckDb(
    async (connection) => {
      const definitions = columns.map(({ name, type }) => `"${name}" ${type === 'DATE' ? 'VARCHAR' : type}`);
      await connection.run(`CREATE TABLE out (${definitions.join(', ')})`);
      const appender = await connection.createAppender('out');
      for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
        const chunk = DuckDBDataChunk.create(columns.map(({ type }) => APPENDED_AS[type]));
        chunk.setRows(rows.slice(start, start + CHUNK_ROWS).map((row) => row.map(valueOf(columns))));
        appender.appendDataChunk(chunk);
      }
      appender.closeSync();
      const selected = columns.map(({ name, type }) => `"${name}"::${type} AS "${name}"`);
      await connection.run(
        `COPY (SELECT ${selected.join(', ')} FROM out ORDER BY rowid) TO ${sqlText(file)} (FORMAT parquet, COMPRESSION zstd)`,
      );
    },
    { threads: 1 },
  );
}

function valueOf(columns: readonly Column[]): (cell: Cell, index: number) => DuckDBValue {
  return (cell, index) =>
    columns[index]?.type === 'BIGINT' && typeof cell === 'number' ? BigInt(cell) : cell;
}
