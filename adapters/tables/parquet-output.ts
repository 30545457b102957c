/** Writes annotated rows as parquet, through DuckDB. */
import {
  DOUBLE,
  DuckDBDataChunk,
  VARCHAR,
  type DuckDBAppender,
  type DuckDBConnection,
  type DuckDBType,
} from '@duckdb/node-api';
import { sqlPath, sqlText } from '../duckdb/with-duckdb.ts';
import type { Annotation, TableOutput } from './annotation.ts';
import { placeOf } from './header.ts';
import { parquetSource } from './parquet-file.ts';
import type { TableFile } from './table-file.ts';
import type { TypedCell, TypedRows } from './typed-rows.ts';

/** Equals DuckDB's vector size. */
const CHUNK_ROWS = 2_048;
/** Is the name that pandas gives a first column without a name, which DuckDB cannot have. */
const INDEX_NAME = 'Unnamed: 0';

interface ParquetTarget {
  readonly file: string;
  readonly source: TableFile;
  /** Columns of the source. */
  readonly names: readonly string[];
  readonly annotation: Annotation;
}

interface OutputColumn {
  readonly name: string;
  readonly type: DuckDBType;
}

export class ParquetOutput implements TableOutput {
  readonly #connection: DuckDBConnection;
  readonly #target: ParquetTarget;
  readonly #appender: DuckDBAppender;
  readonly #columns: readonly OutputColumn[];
  /** Index of the declared number that replaces the text of a CSV column; −1 for a text. */
  readonly #numbers: readonly number[];

  private constructor(
    connection: DuckDBConnection,
    target: ParquetTarget,
    appender: DuckDBAppender,
    columns: readonly OutputColumn[],
    numbers: readonly number[],
  ) {
    this.#connection = connection;
    this.#target = target;
    this.#appender = appender;
    this.#columns = columns;
    this.#numbers = numbers;
  }

  static async open(connection: DuckDBConnection, target: ParquetTarget): Promise<ParquetOutput> {
    const { names, source, annotation } = target;
    const kept = source.format === 'parquet' ? [] : names;
    const places = annotation.reads.map((read) => placeOf(kept, read.name));
    const numbers = kept.map((_, i) =>
      annotation.reads.findIndex((read, j) => places[j] === i && read.as !== 'text' && read.as !== 'time'),
    );
    const columns = [
      ...kept.map((name, i) => ({ name: name || INDEX_NAME, type: numbers[i]! < 0 ? VARCHAR : DOUBLE })),
      ...annotation.adds.map(({ name, as }) => ({ name, type: as === 'number' ? DOUBLE : VARCHAR })),
    ];
    const definitions = columns.map(({ name, type }) => `${identifier(name)} ${type.toString()}`);
    await connection.run(`CREATE TABLE written (${definitions.join(', ')})`);
    return new ParquetOutput(
      connection,
      target,
      await connection.createAppender('written'),
      columns,
      numbers,
    );
  }

  write({ rows, texts }: TypedRows, added: readonly (readonly TypedCell[])[]): void {
    const cells = added.map((own, row) => [
      ...this.#numbers.map((place, i) => (place < 0 ? texts[row]![i]! : rows[row]![place]!)),
      ...own,
    ]);
    for (let start = 0; start < cells.length; start += CHUNK_ROWS) {
      const chunk = DuckDBDataChunk.create(this.#columns.map(({ type }) => type));
      chunk.setRows(cells.slice(start, start + CHUNK_ROWS));
      this.#appender.appendDataChunk(chunk);
    }
  }

  async finish(): Promise<void> {
    this.#appender.closeSync();
    const { file, source } = this.#target;
    const rows =
      source.format === 'parquet'
        ? `SELECT source.*, written.* FROM ${parquetSource(source.path)} AS source POSITIONAL JOIN written`
        : 'SELECT * FROM written';
    const options = ['FORMAT parquet', 'COMPRESSION zstd'];
    const pandas = source.format === 'parquet' ? await pandasTypes(this.#connection, source) : undefined;
    if (pandas !== undefined) options.push(`KV_METADATA {pandas: ${sqlText(pandas)}}`);
    await this.#connection.run(`COPY (${rows}) TO ${sqlText(file)} (${options.join(', ')})`);
  }
}

/** Returns pandas's metadata of types and index, without which pandas would read other types back. */
async function pandasTypes(connection: DuckDBConnection, { path }: TableFile): Promise<string | undefined> {
  const reader = await connection.runAndReadAll(
    `SELECT decode(value) FROM parquet_kv_metadata(${sqlPath(path)}) WHERE decode(key) = 'pandas'`,
  );
  return reader.getRowsJS()[0]?.[0] as string | undefined;
}

const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
