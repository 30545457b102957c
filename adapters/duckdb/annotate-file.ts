/** Adds columns to a table file, row by row, and keeps all that it had: CSV or parquet in, CSV or parquet out. */
import { DOUBLE, DuckDBDataChunk, VARCHAR, type DuckDBConnection } from '@duckdb/node-api';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { sqlText, withDuckDb } from './session.ts';

/** Rows in JavaScript at a time; the rest is DuckDB's. */
const SLICE_ROWS = 20_000;
/** Rows a chunk: DuckDB's own vector size. */
const CHUNK_ROWS = 2_048;

/** How a column is read: dates and times as `YYYY-MM-DDTHH:MM:SS`. */
export type ReadAs = 'text' | 'number';
export type SourceCell = string | number | null;
export type AddedCell = string | number | null;

export interface Annotation {
  /** Columns that `annotate` sees, in this order; null where the file has none of that name and it may be missing. */
  readonly reads: readonly { readonly name: string; readonly as: ReadAs; readonly required: boolean }[];
  readonly adds: readonly { readonly name: string; readonly type: ReadAs }[];
  /** @param first index of the first row in the file, from 0. @returns the added cells of each row. */
  readonly annotate: (rows: readonly (readonly SourceCell[])[], first: number) => (readonly AddedCell[])[];
}

const FORMATS: readonly {
  ends: RegExp;
  read: (file: string) => string;
  write: string;
}[] = [
  {
    ends: /\.parquet$/i,
    read: (file) => `read_parquet(${sqlText(file)})`,
    write: 'FORMAT parquet, COMPRESSION zstd',
  },
  {
    ends: /\.csv$/i,
    // The whole file decides a column's type: a value that comes late must not fail the read.
    read: (file) => `read_csv(${sqlText(file)}, header = true, sample_size = -1)`,
    write: "FORMAT csv, HEADER true, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%S'",
  },
];

function formatOf(file: string) {
  const format = FORMATS.find(({ ends }) => ends.test(file));
  if (format) return format;
  throw new CitibikeError('INVALID_INPUT', `${file}: expected a file that ends in .csv or .parquet`);
}

/**
 * @returns rows written.
 * @throws CitibikeError INVALID_INPUT when a file cannot be read or written, or lacks a column.
 */
export async function annotateFile(input: string, output: string, annotation: Annotation): Promise<number> {
  const [source, target] = [formatOf(input), formatOf(output)];
  try {
    return await withDuckDb(async (connection) => {
      await connection.run(`CREATE TABLE input AS SELECT * FROM ${source.read(input)}`);
      const columns = await columnsOf(connection, input, annotation);
      const added = annotation.adds.map(
        ({ name, type }) => `"${name}" ${type === 'number' ? 'DOUBLE' : 'VARCHAR'}`,
      );
      await connection.run(`CREATE TABLE added (${added.join(', ')})`);
      const rows = await annotateRows(connection, columns, annotation);
      await connection.run(
        `COPY (SELECT input.*, added.* FROM input POSITIONAL JOIN added) TO ${sqlText(output)} (${target.write})`,
      );
      return rows;
    });
  } catch (error) {
    if (error instanceof CitibikeError) throw error;
    throw new CitibikeError('INVALID_INPUT', `${input}: ${messageOf(error)}`, {}, { cause: error });
  }
}

/** What to select for each column read. */
async function columnsOf(
  connection: DuckDBConnection,
  file: string,
  { reads, adds }: Annotation,
): Promise<string[]> {
  const described = await connection.runAndReadAll('DESCRIBE input');
  const types = new Map(
    (described.getRowObjectsJS() as { column_name: string; column_type: string }[]).map((column) => [
      column.column_name,
      column.column_type,
    ]),
  );
  const missing = reads.filter(({ name, required }) => required && !types.has(name)).map(({ name }) => name);
  if (missing.length > 0) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `${file}: column ${missing.join(', ')} is missing; it has ${[...types.keys()].join(', ')}`,
    );
  }
  const taken = adds.find(({ name }) => types.has(name));
  if (taken) throw new CitibikeError('INVALID_INPUT', `${file}: it has a column ${taken.name} already`);
  return reads.map(({ name, as }) => {
    const type = types.get(name);
    if (type === undefined) return 'NULL';
    if (as === 'number') return `"${name}"::DOUBLE`;
    return /^(TIMESTAMP|DATE)/.test(type) ? `strftime("${name}", '%Y-%m-%dT%H:%M:%S')` : `"${name}"::VARCHAR`;
  });
}

async function annotateRows(
  connection: DuckDBConnection,
  columns: readonly string[],
  { adds, annotate }: Annotation,
): Promise<number> {
  const appender = await connection.createAppender('added');
  const types = adds.map(({ type }) => (type === 'number' ? DOUBLE : VARCHAR));
  for (let first = 0; ; first += SLICE_ROWS) {
    const slice = await connection.runAndReadAll(
      `SELECT ${columns.join(', ')} FROM input WHERE rowid >= ${first} AND rowid < ${first + SLICE_ROWS} ORDER BY rowid`,
    );
    const rows = annotate(slice.getRowsJS() as SourceCell[][], first);
    for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
      const chunk = DuckDBDataChunk.create(types);
      chunk.setRows(rows.slice(start, start + CHUNK_ROWS).map((row) => [...row]));
      appender.appendDataChunk(chunk);
    }
    if (rows.length < SLICE_ROWS) {
      appender.closeSync();
      return first + rows.length;
    }
  }
}
