/** Fills columns of a DuckDB query vector by vector. Whole columns of JavaScript values would take several times the memory. */
import type { DuckDBBlobVector, DuckDBConnection, DuckDBDoubleVector, DuckDBVector } from '@duckdb/node-api';
import { TextTable } from '../rides/text-table.ts';
import type { CodedColumn } from './coded-column.ts';
import { mergeCategories, numberName } from './coded-column.ts';
import type { NumberColumn } from './column-table.ts';
import type { ColumnBuilder } from './text-column.ts';

/** Encodes a null text; no UTF-8 text has this byte. */
const NO_TEXT = Uint8Array.of(0xff);
/** Writes `NO_TEXT` as an SQL expression. */
export const NULL_TEXT_SQL = `'\\xFF'::BLOB`;

interface VectorBuilder extends ColumnBuilder {
  append(vector: DuckDBVector, row: number): void;
}

export interface SelectedColumn {
  readonly sql: string;
  readonly builder: VectorBuilder;
}

/** Runs `SELECT columns FROM source` and fills the builders. @returns the number of rows. */
export async function fillColumns(
  connection: DuckDBConnection,
  source: string,
  columns: readonly SelectedColumn[],
): Promise<number> {
  const list = columns.map(({ sql }) => sql).join(', ');
  const result = await connection.stream(`SELECT ${list} FROM ${source}`);
  let rows = 0;
  for (
    let chunk = await result.fetchChunk();
    chunk && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    for (const [i, { builder }] of columns.entries()) builder.append(chunk.getColumnVector(i), rows);
    rows += chunk.rowCount;
  }
  return rows;
}

/** Collects a DOUBLE column without nulls. */
export class NumberVectors implements VectorBuilder {
  readonly failed = false;
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

/** Collects a BLOB column of UTF-8 texts, and makes one string per distinct text. */
export class TextVectors implements VectorBuilder {
  readonly failed = false;
  /** Index into `#texts` per row; index 0 means null. */
  readonly #codes: Int32Array;
  readonly #texts = new TextTable();
  readonly #areNumbers: boolean;

  constructor(rows: number, { areNumbers }: { readonly areNumbers: boolean }) {
    this.#codes = new Int32Array(rows);
    this.#texts.intern(NO_TEXT, 0, NO_TEXT.length);
    this.#areNumbers = areNumbers;
  }

  append(vector: DuckDBVector, row: number): void {
    const blobs = vector as DuckDBBlobVector;
    const codes = this.#codes;
    const { itemCount } = blobs;
    for (let i = 0; i < itemCount; i++) {
      const bytes = blobs.getItemBytes(i)!;
      codes[row + i] = this.#texts.intern(bytes, 0, bytes.length);
    }
  }

  build(): CodedColumn {
    const texts = Array.from({ length: this.#texts.size - 1 }, (_, i) =>
      Buffer.from(this.#texts.bytes(i + 1)).toString(),
    );
    // 0 and −0 are two texts but one category.
    const meanings = this.#areNumbers ? texts.map((text) => numberName(text) ?? null) : texts;
    return mergeCategories(this.#codes, [null, ...meanings]);
  }
}
