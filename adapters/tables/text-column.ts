/** Columns from the texts of a CSV file: numbers where every cell is one, categories otherwise. */
import { booleanOf, isMissing, numberOf } from '../../contracts/cells.ts';
import { mergeCategories, type CodedColumn } from './coded-column.ts';
import { TextTable } from '../rides/text-table.ts';
import type { NumberColumn } from './column-table.ts';

/** How the cells of a column are collected. */
export type Collect = 'numbers' | 'texts' | 'nothing';

/** A column under construction. */
export interface ColumnBuilder {
  /** A cell was neither a number nor missing: the column has to be collected as texts. */
  readonly failed: boolean;
  /** @param rows number of rows. @param categorical numbers are names. */
  build(rows: number, categorical: boolean): NumberColumn | CodedColumn;
}

/** What one pass over a file collected; undefined for columns that collect nothing. */
export interface CsvPass {
  readonly rows: number;
  readonly builders: readonly (ColumnBuilder | undefined)[];
}

export class NumberTexts implements ColumnBuilder {
  #hasText = false;
  #values = new Float64Array(1024);
  #numbers = 0;
  #booleans = 0;

  /** Returns an array with room for the row, to be followed by `accept` or `add`. */
  roomFor(row: number): Float64Array {
    if (row >= this.#values.length) this.#values = grown(this.#values, new Float64Array(2 * row));
    return this.#values;
  }

  /** Keeps the number that was written into the room for the row. @returns false if NaN was written. */
  accept(row: number): boolean {
    const value = this.#values[row]!;
    if (value !== value) return false;
    this.#numbers += 1;
    return true;
  }

  add(row: number, text: string): void {
    if (this.#hasText) return;
    const values = this.roomFor(row);
    const value = numberOf(text);
    if (value !== undefined) {
      values[row] = value;
      this.#numbers += 1;
      return;
    }
    values[row] = NaN;
    if (isMissing(text)) return;
    const truth = booleanOf(text);
    if (truth === undefined) this.#hasText = true;
    else {
      values[row] = truth;
      this.#booleans += 1;
    }
  }

  build(rows: number): NumberColumn {
    return { type: 'num', values: this.#values.subarray(0, rows) };
  }

  /** pandas reads a mixture of numbers and booleans as texts. */
  get failed(): boolean {
    return this.#hasText || (this.#booleans > 0 && this.#numbers > 0);
  }
}

export class CategoryTexts implements ColumnBuilder {
  readonly failed = false;
  #codes = new Int32Array(1024);
  readonly #known = new Map<string, number>();

  add(row: number, text: string): void {
    if (row >= this.#codes.length) this.#codes = grown(this.#codes, new Int32Array(2 * row));
    let code = this.#known.get(text);
    if (code === undefined) this.#known.set(text, (code = this.#known.size));
    this.#codes[row] = code;
  }

  build(rows: number, categorical: boolean): NumberColumn | CodedColumn {
    return columnOfTexts(this.#codes.subarray(0, rows), [...this.#known.keys()], categorical);
  }
}

/** Like `CategoryTexts`, from bytes: a string is made once for each distinct text. */
export class CategoryBytes implements ColumnBuilder {
  readonly failed = false;
  #codes = new Int32Array(1024);
  readonly #texts = new TextTable();

  /** @param bytes the text is `bytes[from..to)`. */
  add(row: number, bytes: Uint8Array, from: number, to: number): void {
    if (row >= this.#codes.length) this.#codes = grown(this.#codes, new Int32Array(2 * row));
    this.#codes[row] = this.#texts.intern(bytes, from, to);
  }

  build(rows: number, categorical: boolean): NumberColumn | CodedColumn {
    return columnOfTexts(this.#codes.subarray(0, rows), this.texts(), categorical);
  }

  /** Distinct texts by code. */
  texts(): string[] {
    return Array.from({ length: this.#texts.size }, (_, i) => Buffer.from(this.#texts.bytes(i)).toString());
  }
}

/**
 * Decides what a column of texts holds: numbers or booleans if every text that is present is one.
 * @param codes index into `texts` per row; overwritten. @param categorical numbers are categories.
 */
export function columnOfTexts(
  codes: Int32Array,
  texts: readonly string[],
  categorical: boolean,
): NumberColumn | CodedColumn {
  const present = texts.filter((text) => !isMissing(text));
  const meaning = [numberOf, booleanOf].find((read) => present.every((text) => read(text) !== undefined));
  if (meaning && !categorical) {
    const values = texts.map((text) => (isMissing(text) ? NaN : meaning(text)!));
    return { type: 'num', values: Float64Array.from(codes, (code) => values[code]!) };
  }
  return mergeCategories(
    codes,
    texts.map((text) => (isMissing(text) ? null : meaning ? meaning(text)! : text)),
  );
}

function grown<T extends Float64Array | Int32Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
