/** Any CSV or parquet file as columns of numbers or categories. */
import { existsSync } from 'node:fs';
import type { DuckDBConnection, DuckDBDoubleVector, DuckDBVector } from '@duckdb/node-api';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { MISSING_TEXTS } from '../csv/missing-texts.ts';
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

const NUMBER_TYPE = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|UINTEGER|DOUBLE|FLOAT|REAL|DECIMAL.*|BOOLEAN)$/;

/**
 * Reads a whole file; numbers and booleans become numbers unless named as categorical, everything else categories.
 * @throws CitibikeError SOURCE_NOT_FOUND when it is not there, INVALID_INPUT when it cannot be read.
 */
export async function readTableFile(file: string, categorical: readonly string[] = []): Promise<TableFile> {
  if (!existsSync(file)) throw new CitibikeError('SOURCE_NOT_FOUND', `no file ${file}`);
  const source = sourceOf(file);
  try {
    return await withDuckDb((connection) => readColumns(connection, source, categorical));
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
): Promise<TableFile> {
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
  const types = (described.getRowObjectsJS() as { column_name: string; column_type: string }[]).map(
    ({ column_name: name, column_type: type }) => ({ name, isNumber: NUMBER_TYPE.test(type) }),
  );
  const selected = types.map(
    ({ name, isNumber }) => `"${name.replaceAll('"', '""')}"::${isNumber ? 'DOUBLE' : 'VARCHAR'}`,
  );
  const [[count]] = (
    await connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM ${source}`)
  ).getRowsJS() as [[number]];
  const builders = types.map(({ name, isNumber }) =>
    isNumber && !categorical.includes(name) ? new NumberBuilder(count) : new CategoryBuilder(),
  );
  // Last: a connection has one result open at a time.
  const result = await connection.stream(`SELECT ${selected.join(', ')} FROM ${source}`);
  let rows = 0;
  for (
    let chunk = await result.fetchChunk();
    chunk && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    for (const [i, builder] of builders.entries()) builder.append(chunk.getColumnVector(i));
    rows += chunk.rowCount;
  }
  return { rows, columns: new Map(types.map(({ name }, i) => [name, builders[i]!.build()])) };
}

type Cell = string | number | null;

/** Filled from the vectors one by one: whole columns as JavaScript arrays would take several times the memory. */
class NumberBuilder {
  readonly #values: Float64Array;
  #rows = 0;

  constructor(rows: number) {
    this.#values = new Float64Array(rows);
  }

  append(vector: DuckDBVector): void {
    const doubles = vector as DuckDBDoubleVector;
    for (let i = 0; i < doubles.itemCount; i++) this.#values[this.#rows++] = doubles.getItem(i) ?? NaN;
  }

  build(): NumberColumn {
    return { type: 'num', values: this.#values };
  }
}

class CategoryBuilder {
  readonly #values: Cell[] = [];

  append(vector: DuckDBVector): void {
    for (let i = 0; i < vector.itemCount; i++) this.#values.push(vector.getItem(i) as Cell);
  }

  build(): CategoryColumn {
    return { type: 'cat', values: this.#values };
  }
}
