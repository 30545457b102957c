/** Opens a user's parquet file in DuckDB and describes its columns by their original names and kinds. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { sqlPath, withDuckDb } from '../duckdb/with-duckdb.ts';
import { checkHeader } from './header.ts';
import type { TableFile } from './table-file.ts';

/** `zoned` is a timestamp adjusted to UTC, `other` binary and nested values. */
export type ParquetKind = 'number' | 'boolean' | 'text' | 'day' | 'time' | 'zoned' | 'other';

export interface ParquetColumn {
  readonly name: string;
  readonly kind: ParquetKind;
  /** DuckDB's type name, for messages. */
  readonly type: string;
  /** The column as an SQL identifier. */
  readonly sql: string;
}

export interface ParquetTable {
  /** The table as an SQL expression. */
  readonly source: string;
  readonly columns: readonly ParquetColumn[];
  readonly rows: number;
}

/** Limits the decimal digits. DuckDB reads wider decimals as doubles with wrong bytes. */
const MOST_DIGITS = 38;

const KINDS: readonly (readonly [RegExp, ParquetKind])[] = [
  [/^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|UINTEGER|DOUBLE|FLOAT|REAL|DECIMAL.*)$/, 'number'],
  [/^BOOLEAN$/, 'boolean'],
  [/^(VARCHAR|ENUM.*|UUID|JSON)$/, 'text'],
  [/^DATE$/, 'day'],
  [/^TIMESTAMP(_S|_MS|_NS)?$/, 'time'],
  [/^TIMESTAMP.*WITH TIME ZONE$/, 'zoned'],
];

/**
 * Opens a file while `work` runs.
 * @throws CitibikeError INVALID_INPUT if it is not a complete parquet file, or for duplicate or missing column names.
 */
export async function withParquet<T>(
  file: TableFile,
  work: (connection: DuckDBConnection, table: ParquetTable) => Promise<T>,
): Promise<T> {
  const source = parquetSource(file.path);
  try {
    return await withDuckDb(async (connection) => {
      const names = await namesOf(connection, file);
      checkHeader(file.name, names);
      const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
      const columns = (described.getRowObjectsJS() as { column_name: string; column_type: string }[]).map(
        ({ column_name: name, column_type: type }, i): ParquetColumn => {
          const kind = KINDS.find(([pattern]) => pattern.test(type))?.[1] ?? 'other';
          // DuckDB invents a name for a column without one.
          return { name: names[i]!, kind, type, sql: `"${name.replaceAll('"', '""')}"` };
        },
      );
      const counted = await connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM ${source}`);
      return work(connection, { source, columns, rows: counted.getRowsJS()[0]![0] as number });
    });
  } catch (error) {
    if (error instanceof CitibikeError) throw error;
    throw new CitibikeError(
      'INVALID_INPUT',
      // Later lines of DuckDB's message contain the query.
      `cannot read ${file.name}, expected a complete parquet file: ${messageOf(error).split('\n')[0]!}`,
      {},
      { cause: error },
    );
  }
}

/** Returns the SQL source of a file, with the name taken literally and without columns from folders such as `year=2024`. */
export function parquetSource(file: string): string {
  return `read_parquet(${sqlPath(file)}, hive_partitioning = false)`;
}

/** Formats a timestamp as `2025-01-15T08:00:00`, with a fraction only if it is not zero. */
export const isoSql = (sql: string): string => `replace(${sql}::VARCHAR, ' ', 'T')`;

/** Converts a number to the nearest double, because DuckDB would round wide decimals twice. */
export const doubleSql = ({ sql, type }: ParquetColumn): string =>
  type.startsWith('DECIMAL') ? `${sql}::VARCHAR::DOUBLE` : `${sql}::DOUBLE`;

/** Returns the top-level names of the file. DuckDB itself renames those that differ only in case. */
async function namesOf(connection: DuckDBConnection, { name: file, path }: TableFile): Promise<string[]> {
  const reader = await connection.runAndReadAll(
    `SELECT name, coalesce(num_children, 0)::INTEGER AS children, coalesce(precision, 0)::INTEGER AS digits
     FROM parquet_schema(${sqlPath(path)})`,
  );
  const [, ...schema] = reader.getRowObjectsJS() as { name: string; children: number; digits: number }[];
  const names: string[] = [];
  for (let at = 0; at < schema.length; at = endOf(schema, at)) {
    const { name } = schema[at]!;
    names.push(name);
    const wide = schema.slice(at, endOf(schema, at)).find(({ digits }) => digits > MOST_DIGITS);
    if (wide) {
      throw new CitibikeError(
        'INVALID_INPUT',
        `${file}, column ${name}: got the type DECIMAL of ${wide.digits} digits, expected at most ${MOST_DIGITS}: write it as a narrower decimal, or as double`,
      );
    }
  }
  return names;
}

/** Returns the index after an element and its descendants. */
function endOf(schema: readonly { readonly children: number }[], at: number): number {
  let next = at + 1;
  for (let child = 0; child < schema[at]!.children; child++) next = endOf(schema, next);
  return next;
}
