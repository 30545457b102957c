/** Reads the first rows and the statistics of a remote parquet or CSV file from a bounded part of its bytes. */
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { sqlPath, withDuckDb } from '../duckdb/with-duckdb.ts';
import { parquetSource } from './parquet-file.ts';

/** A file of which parts can be read. */
export interface RangedFile {
  readonly bytes: number;
  /** Reads the bytes from `from` up to and without `to`. */
  readonly range: (from: number, to: number) => Promise<Uint8Array>;
}

interface HeadColumn {
  readonly name: string;
  readonly type: string;
  readonly min: string | null;
  readonly max: string | null;
  readonly nulls: number | null;
  readonly mean: number | null;
  /** Approximate number of different values. */
  readonly distinct: number | null;
}

export interface TableHead {
  readonly columns: readonly HeadColumn[];
  /** Number of columns of the file, of which `columns` has the first. */
  readonly allColumns: number;
  /** Rows of the file; null if only a part of a CSV was read. */
  readonly rows: number | null;
  /** First rows, as text; null if they lie beyond the bytes that may be read. */
  readonly head: readonly (readonly (string | null)[])[] | null;
  /** Whether the statistics are those of every row, or of the first rows only. */
  readonly statistics: 'every row' | 'first rows';
}

const HEAD_ROWS = 50;
const MOST_COLUMNS = 60;
const CELL_CHARACTERS = 200;
/** A file up to this size is read as a whole. */
const WHOLE_BYTES = 4 * 2 ** 20;
/** A small file may hold many more rows, as runs of one value. */
const MOST_SUMMARIZED_ROWS = 2_000_000;
const CSV_BYTES = 2 ** 20;
const FOOTER_BYTES = 2 ** 16;
const MOST_FOOTER_BYTES = 8 * 2 ** 20;
/** Bytes of one column and of all columns of the first row group. */
const MOST_CHUNK_BYTES = 2 * 2 ** 20;
const MOST_GROUP_BYTES = 24 * 2 ** 20;
const DUCKDB = { threads: 1, memoryLimit: '128MB' } as const;

/**
 * Reads the head of a parquet file: its footer and the beginning of its first row group.
 * @throws CitibikeError INVALID_INPUT if it is not a parquet file.
 */
export function parquetHead(file: RangedFile): Promise<TableHead> {
  return withPart(file, 'parquet', async (part, handle) => {
    const source = parquetSource(part);
    const isWhole = file.bytes <= WHOLE_BYTES;
    if (isWhole) await copy(file, handle, 0, file.bytes);
    else await copyFooter(file, handle);
    return inDuckDb(async (connection) => {
      const [count] = await rowsOf<{ rows: number }>(
        connection,
        `SELECT count(*)::DOUBLE AS rows FROM ${source}`,
      );
      if (isWhole && count!.rows <= MOST_SUMMARIZED_ROWS) return summarized(connection, source, true);
      if (!isWhole) await copyFirstGroup(file, handle, await rowsOf<Chunk>(connection, CHUNKS(part)));
      const columns = await describe(connection, source);
      const footer = await rowsOf<FooterFacts>(connection, FOOTER(part));
      const facts = new Map(footer.map((each) => [each.name, each]));
      return {
        columns: columns.slice(0, MOST_COLUMNS).map((column) => {
          const { min = null, max = null, nulls = null } = facts.get(column.name) ?? {};
          return { ...column, min, max, nulls, mean: null, distinct: null };
        }),
        allColumns: columns.length,
        rows: count!.rows,
        head: await firstRows(connection, source, columns).catch(() => null),
        statistics: 'every row' as const,
      };
    });
  });
}

/**
 * Reads the head of a CSV file: its first megabyte, up to the last whole line.
 * @throws CitibikeError INVALID_INPUT if it is not a table.
 */
export function csvHead(file: RangedFile): Promise<TableHead> {
  return withPart({ ...file, bytes: 0 }, 'CSV', async (part, handle) => {
    const isWhole = file.bytes <= CSV_BYTES;
    const bytes = await file.range(0, Math.min(file.bytes, CSV_BYTES));
    const end = isWhole ? bytes.length : bytes.lastIndexOf(10) + 1;
    await handle.write(bytes, 0, end, 0);
    return inDuckDb((connection) =>
      summarized(connection, `read_csv(${sqlPath(part)}, ignore_errors = true)`, isWhole),
    );
  });
}

/** Runs `work` on a local file of the same size, which takes no space where nothing is copied to it. */
async function withPart<T>(
  file: RangedFile,
  kind: string,
  work: (part: string, handle: FileHandle) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'citibike-head-'));
  const part = path.join(folder, 'part');
  const handle = await open(part, 'w+');
  try {
    await handle.truncate(file.bytes);
    return await work(part, handle);
  } catch (error) {
    if (error instanceof CitibikeError) throw error;
    throw new CitibikeError(
      'INVALID_INPUT',
      // Later lines of DuckDB's message contain the query.
      `cannot read the table, expected a ${kind} file: ${messageOf(error).split('\n')[0]!.replaceAll(part, 'the file')}`,
      {},
      { cause: error },
    );
  } finally {
    await handle.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function copy(file: RangedFile, handle: FileHandle, from: number, to: number): Promise<Uint8Array> {
  const bytes = await file.range(from, to);
  await handle.write(bytes, 0, bytes.length, from);
  return bytes;
}

/** Copies the end of the file: the footer, its length and the magic bytes. */
async function copyFooter(file: RangedFile, handle: FileHandle): Promise<void> {
  const tail = Buffer.from(await copy(file, handle, file.bytes - FOOTER_BYTES, file.bytes));
  const length = tail.readUInt32LE(tail.length - 8) + 8;
  if (tail.toString('latin1', tail.length - 4) !== 'PAR1' || length > Math.min(file.bytes, MOST_FOOTER_BYTES))
    throw new CitibikeError(
      'INVALID_INPUT',
      `cannot read the table, expected a parquet file with a footer of at most ${MOST_FOOTER_BYTES} bytes`,
    );
  await copy(file, handle, 0, 4);
  if (length > tail.length) await copy(file, handle, file.bytes - length, file.bytes - tail.length);
}

interface Chunk {
  readonly start: number;
  readonly bytes: number;
}

const CHUNKS = (part: string) => `
  SELECT coalesce(least(nullif(dictionary_page_offset, 0), data_page_offset), data_page_offset)::DOUBLE AS start,
    total_compressed_size::DOUBLE AS bytes
  FROM parquet_metadata(${sqlPath(part)}) WHERE row_group_id = 0 ORDER BY column_id`;

/** Copies the beginning of each column of the first row group. */
async function copyFirstGroup(file: RangedFile, handle: FileHandle, chunks: readonly Chunk[]): Promise<void> {
  let left = MOST_GROUP_BYTES;
  const spans = chunks.flatMap(({ start, bytes }) => {
    const taken = Math.min(bytes, MOST_CHUNK_BYTES, left);
    left -= taken;
    return taken > 0 ? [{ from: start, to: Math.min(file.bytes, start + taken) }] : [];
  });
  const joined: { from: number; to: number }[] = [];
  for (const span of spans.sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else joined.push({ ...span });
  }
  await Promise.all(joined.map(({ from, to }) => copy(file, handle, from, to)));
}

interface FooterFacts {
  readonly name: string;
  readonly min: string | null;
  readonly max: string | null;
  readonly nulls: number | null;
}

/** Combines the statistics of all row groups. They are texts, which compare as numbers where they are numbers. */
const FOOTER = (part: string) => `
  SELECT path_in_schema AS name,
    coalesce(arg_min(stats_min_value, try_cast(stats_min_value AS DOUBLE)), min(stats_min_value))[:${CELL_CHARACTERS}] AS min,
    coalesce(arg_max(stats_max_value, try_cast(stats_max_value AS DOUBLE)), max(stats_max_value))[:${CELL_CHARACTERS}] AS max,
    CASE WHEN count(stats_null_count) = count(*) THEN sum(stats_null_count)::DOUBLE END AS nulls
  FROM parquet_metadata(${sqlPath(part)}) GROUP BY path_in_schema`;

interface Described {
  readonly name: string;
  readonly type: string;
}

function describe(connection: DuckDBConnection, source: string): Promise<Described[]> {
  return rowsOf<Described>(
    connection,
    `SELECT column_name AS name, column_type AS type FROM (DESCRIBE SELECT * FROM ${source})`,
  );
}

/** Reads all rows of the source once for the statistics. */
async function summarized(
  connection: DuckDBConnection,
  source: string,
  isWhole: boolean,
): Promise<TableHead> {
  const all = await describe(connection, source);
  const shown = all.slice(0, MOST_COLUMNS);
  const facts = await rowsOf<HeadColumn & { readonly rows: number }>(
    connection,
    `SELECT column_name AS name, column_type AS type, min[:${CELL_CHARACTERS}] AS min, max[:${CELL_CHARACTERS}] AS max,
       try_cast(avg AS DOUBLE) AS mean, approx_unique::DOUBLE AS distinct, count::DOUBLE AS rows,
       round(count * null_percentage / 100)::DOUBLE AS nulls
     FROM (SUMMARIZE SELECT ${shown.map(({ name }) => quoted(name)).join(', ')} FROM ${source})`,
  );
  return {
    columns: facts.map(({ rows: _rows, ...column }) => column),
    allColumns: all.length,
    rows: isWhole ? (facts[0]?.rows ?? 0) : null,
    head: await firstRows(connection, source, all),
    statistics: isWhole ? 'every row' : 'first rows',
  };
}

async function firstRows(
  connection: DuckDBConnection,
  source: string,
  columns: readonly Described[],
): Promise<(string | null)[][]> {
  const shown = columns
    .slice(0, MOST_COLUMNS)
    .map(({ name }) => `left(${quoted(name)}::VARCHAR, ${CELL_CHARACTERS})`);
  const reader = await connection.runAndReadAll(
    `SELECT ${shown.join(', ')} FROM ${source} LIMIT ${HEAD_ROWS}`,
  );
  return reader.getRowsJS() as (string | null)[][];
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

async function rowsOf<Row>(connection: DuckDBConnection, sql: string): Promise<Row[]> {
  return (await connection.runAndReadAll(sql)).getRowObjectsJS() as Row[];
}

function inDuckDb<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  return withDuckDb(work, DUCKDB);
}
