/** Any CSV or parquet file as columns of numbers or categories. */
import { existsSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { sqlList, sqlText, withDuckDb } from './session.ts';

/** NaN where missing. */
export interface NumberColumn {
  readonly type: 'num';
  readonly values: Float64Array;
}

/** null where missing. Dates and times are texts, `2025-01-31` first. */
export interface CategoryColumn {
  readonly type: 'cat';
  readonly values: readonly (string | number | null)[];
}

export interface TableFile {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, NumberColumn | CategoryColumn>;
}

/** What pandas takes for missing in a CSV, so that both count the same. */
const MISSING_TEXTS = [
  '',
  'NA',
  'N/A',
  '#N/A',
  'n/a',
  'NaN',
  'nan',
  '-NaN',
  '-nan',
  'NULL',
  'null',
  'None',
  '<NA>',
];

const NUMBER_TYPE = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|UINTEGER|DOUBLE|FLOAT|REAL|DECIMAL.*|BOOLEAN)$/;

/**
 * Reads a whole file; numbers and booleans become numbers unless named as categorical, everything else categories.
 * @throws CitibikeError SOURCE_NOT_FOUND when it is not there, INVALID_INPUT when it cannot be read or lacks a categorical column.
 */
export async function readTableFile(file: string, categorical: readonly string[] = []): Promise<TableFile> {
  if (!existsSync(file)) throw new CitibikeError('SOURCE_NOT_FOUND', `no file ${file}`);
  const source = sourceOf(file);
  try {
    return await withDuckDb((connection) => readColumns(connection, source, categorical, file));
  } catch (error) {
    if (error instanceof CitibikeError) throw error;
    throw new CitibikeError(
      'INVALID_INPUT',
      `cannot read ${file}: ${messageOf(error)}`,
      {},
      { cause: error },
    );
  }
}

function sourceOf(file: string): string {
  if (/\.parquet$/i.test(file)) return `read_parquet(${sqlText(file)})`;
  if (/\.(csv|tsv)(\.gz)?$/i.test(file)) {
    // The whole file decides a column's type: a value that comes late must not fail the read.
    return `read_csv(${sqlText(file)}, header = true, sample_size = -1, nullstr = ${sqlList(MISSING_TEXTS)})`;
  }
  throw new CitibikeError(
    'INVALID_INPUT',
    `${file}: expected a file that ends in .csv, .tsv (also .gz) or .parquet`,
  );
}

async function readColumns(
  connection: DuckDBConnection,
  source: string,
  categorical: readonly string[],
  file: string,
): Promise<TableFile> {
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
  const types = (described.getRowObjectsJS() as { column_name: string; column_type: string }[]).map(
    ({ column_name: name, column_type: type }) => ({ name, isNumber: NUMBER_TYPE.test(type) }),
  );
  const unknown = categorical.filter((name) => !types.some((column) => column.name === name));
  if (unknown.length > 0) {
    const known = types.map(({ name }) => name).join(', ');
    throw new CitibikeError('INVALID_INPUT', `${file} has no column ${unknown.join(', ')}; it has ${known}`);
  }
  const selected = types.map(
    ({ name, isNumber }) => `"${name.replaceAll('"', '""')}"::${isNumber ? 'DOUBLE' : 'VARCHAR'}`,
  );
  const result = await connection.stream(`SELECT ${selected.join(', ')} FROM ${source}`);
  const builders = types.map(({ name, isNumber }) =>
    isNumber && !categorical.includes(name) ? new NumberBuilder() : new CategoryBuilder(),
  );
  let rows = 0;
  for (
    let chunk = await result.fetchChunk();
    chunk && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    for (const [i, builder] of builders.entries()) builder.append(chunk.getColumnValues(i) as Cell[]);
    rows += chunk.rowCount;
  }
  return { rows, columns: new Map(types.map(({ name }, i) => [name, builders[i]!.build()])) };
}

type Cell = string | number | null;

/** Grows by doubling, so that a file of millions of rows is held once and as plain numbers. */
class NumberBuilder {
  #values = new Float64Array(4096);
  #rows = 0;

  append(cells: readonly Cell[]): void {
    if (this.#rows + cells.length > this.#values.length) {
      const grown = new Float64Array(2 * (this.#rows + cells.length));
      grown.set(this.#values);
      this.#values = grown;
    }
    for (const cell of cells) this.#values[this.#rows++] = cell === null ? NaN : Number(cell);
  }

  build(): NumberColumn {
    return { type: 'num', values: this.#values.slice(0, this.#rows) };
  }
}

class CategoryBuilder {
  readonly #values: Cell[] = [];

  append(cells: readonly Cell[]): void {
    for (const cell of cells) this.#values.push(cell);
  }

  build(): CategoryColumn {
    return { type: 'cat', values: this.#values };
  }
}
