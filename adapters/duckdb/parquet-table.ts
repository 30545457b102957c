/** Any parquet file as columns of numbers or categories. */
import type { DuckDBBlobVector, DuckDBConnection, DuckDBDoubleVector, DuckDBVector } from '@duckdb/node-api';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { CodedColumn, mergeCategories } from '../csv/coded-column.ts';
import type { ColumnTable, NumberColumn } from '../csv/column-table.ts';
import { numberOf } from '../csv/text-number.ts';
import { TextTable } from '../rides/text-table.ts';
import { sqlText, withDuckDb } from './session.ts';

const NUMBER_TYPE = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|UINTEGER|DOUBLE|FLOAT|REAL|DECIMAL.*|BOOLEAN)$/;

/** In place of a text that is null; no UTF-8 has this byte. */
const NO_TEXT = Uint8Array.of(0xff);

/**
 * Reads a whole file; numbers and booleans become numbers unless named as categorical, everything else categories. Dates and times are
 * texts, `2025-01-31` first.
 * @throws CitibikeError INVALID_INPUT when it cannot be read.
 */
export async function readParquetTable(
  file: string,
  categorical: readonly string[] = [],
): Promise<ColumnTable> {
  try {
    return await withDuckDb((connection) =>
      readColumns(connection, `read_parquet(${sqlText(file)})`, categorical),
    );
  } catch (error) {
    throw new CitibikeError(
      'INVALID_INPUT',
      // DuckDB's further lines show the query.
      `cannot read ${file}, expected a whole parquet file: ${messageOf(error).split('\n')[0]!}`,
      {},
      { cause: error },
    );
  }
}

async function readColumns(
  connection: DuckDBConnection,
  source: string,
  categorical: readonly string[],
): Promise<ColumnTable> {
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
  const [[count]] = (
    await connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM ${source}`)
  ).getRowsJS() as [[number]];
  const columns = (described.getRowObjectsJS() as { column_name: string; column_type: string }[]).map(
    ({ column_name: name, column_type: type }) => {
      const isNumber = NUMBER_TYPE.test(type);
      const isCategory = !isNumber || categorical.includes(name);
      return {
        name,
        sql: selected(`"${name.replaceAll('"', '""')}"`, isNumber, isCategory),
        builder: isCategory ? new CategoryBuilder(count, isNumber) : new NumberBuilder(count),
      };
    },
  );
  // Last: a connection has one result open at a time.
  const result = await connection.stream(`SELECT ${columns.map(({ sql }) => sql).join(', ')} FROM ${source}`);
  let rows = 0;
  for (
    let chunk = await result.fetchChunk();
    chunk && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    for (const [i, { builder }] of columns.entries()) builder.append(chunk.getColumnVector(i), rows);
    rows += chunk.rowCount;
  }
  return { rows, columns: new Map(columns.map(({ name, builder }) => [name, builder.build()])) };
}

/** DuckDB replaces what is null: a vector that has nulls is asked for each item's bit, with a bigint, at ten times the cost. */
function selected(column: string, isNumber: boolean, isCategory: boolean): string {
  if (!isCategory) return `coalesce(${column}::DOUBLE, 'NaN'::DOUBLE)`;
  const text = isNumber ? `${column}::DOUBLE::VARCHAR` : `${column}::VARCHAR`;
  // Not a cast, for which a text with a backslash is an escape.
  return `coalesce(encode(${text}), '\\xFF'::BLOB)`;
}

/** Filled from the vectors one by one: whole columns as JavaScript arrays would take several times the memory. */
class NumberBuilder {
  readonly #values: Float64Array;

  constructor(rows: number) {
    this.#values = new Float64Array(rows);
  }

  append(vector: DuckDBVector, row: number): void {
    const doubles = vector as DuckDBDoubleVector;
    const values = this.#values;
    const { itemCount } = doubles;
    for (let i = 0; i < itemCount; i++) values[row + i] = doubles.getItem(i)!;
  }

  build(): NumberColumn {
    return { type: 'num', values: this.#values };
  }
}

/** A string is made once for each distinct text. */
class CategoryBuilder {
  /** By row, places in `#texts`, of which the first stands for null. */
  readonly #places: Int32Array;
  readonly #texts = new TextTable();
  readonly #areNumbers: boolean;

  constructor(rows: number, areNumbers: boolean) {
    this.#places = new Int32Array(rows);
    this.#texts.intern(NO_TEXT, 0, NO_TEXT.length);
    this.#areNumbers = areNumbers;
  }

  append(vector: DuckDBVector, row: number): void {
    const texts = vector as DuckDBBlobVector;
    const places = this.#places;
    const { itemCount } = texts;
    for (let i = 0; i < itemCount; i++) {
      const bytes = texts.getItemBytes(i)!;
      places[row + i] = this.#texts.intern(bytes, 0, bytes.length);
    }
  }

  build(): CodedColumn {
    const texts = Array.from({ length: this.#texts.size - 1 }, (_, i) =>
      Buffer.from(this.#texts.bytes(i + 1)).toString(),
    );
    if (this.#areNumbers) {
      // 0 and −0 are two texts and one category.
      return mergeCategories(this.#places, [null, ...texts.map((text) => numberOf(text) ?? NaN)]);
    }
    const codes = this.#places;
    for (let row = 0; row < codes.length; row++) codes[row]! -= 1;
    return new CodedColumn(codes, texts);
  }
}
