/** Builds columns from the texts of a CSV file: numbers if every cell is one, categories otherwise. */
import { booleanOf, isMissing, numberOf } from '../../contracts/cells.ts';
import { mergeCategories, numberName, type CodedColumn } from './coded-column.ts';
import { TextTable } from '../rides/text-table.ts';
import type { NumberColumn } from './column-table.ts';

/** Ways to collect the cells of a column. */
export type Collect = 'numbers' | 'texts' | 'nothing';

/** Represents a column under construction. */
export interface ColumnBuilder {
  /** True if a cell was neither a number nor missing, so that the column must be collected as texts. */
  readonly failed: boolean;
  /** @param rows number of rows. @param categorical numbers are names. */
  build(rows: number, categorical: boolean): NumberColumn | CodedColumn;
}

/** Represents the result of one pass over a file; undefined for columns that collect nothing. */
export interface CsvPass {
  readonly rows: number;
  readonly builders: readonly (ColumnBuilder | undefined)[];
}

export class NumberTexts implements ColumnBuilder {
  /** One per row, NaN where missing; replaced as it grows. */
  values = new Float64Array(0);
  #hasText = false;
  #booleans = 0;

  /** Makes room for `rows` rows. */
  grow(rows: number): void {
    const larger = new Float64Array(rows).fill(NaN);
    larger.set(this.values);
    this.values = larger;
  }

  /** Adds the cells at `place` of rows. @param first index of the first row. */
  addAll(first: number, rows: readonly (readonly string[])[], place: number): void {
    if (first + rows.length > this.values.length) this.grow(2 * (first + rows.length));
    for (let i = 0; i < rows.length; i++) this.add(first + i, rows[i]![place]!);
  }

  /** Adds a cell. There must be room for the row. */
  add(row: number, text: string): void {
    const value = numberOf(text);
    if (value !== undefined) this.values[row] = value;
    else if (isMissing(text)) this.values[row] = NaN;
    else {
      const truth = booleanOf(text);
      if (truth === undefined) this.#hasText = true;
      else {
        this.values[row] = truth;
        this.#booleans += 1;
      }
    }
  }

  /** Returns true for a mixture of numbers and booleans, which pandas reads as texts. */
  get failed(): boolean {
    return this.#hasText || (this.#booleans > 0 && this.#present() > this.#booleans);
  }

  build(rows: number): NumberColumn {
    return { type: 'num', values: this.values.subarray(0, rows) };
  }

  #present(): number {
    let count = 0;
    for (const value of this.values) if (!Number.isNaN(value)) count += 1;
    return count;
  }
}

export class CategoryTexts implements ColumnBuilder {
  readonly failed = false;
  #codes = new Int32Array(1024);
  readonly #known = new Map<string, number>();

  /** Adds the cells at `place` of rows. @param first index of the first row. */
  addAll(first: number, rows: readonly (readonly string[])[], place: number): void {
    for (let i = 0; i < rows.length; i++) this.add(first + i, rows[i]![place]!);
  }

  add(row: number, text: string): void {
    if (row >= this.#codes.length) this.#codes = grown(this.#codes, 2 * row);
    let code = this.#known.get(text);
    if (code === undefined) this.#known.set(text, (code = this.#known.size));
    this.#codes[row] = code;
  }

  build(rows: number, categorical: boolean): NumberColumn | CodedColumn {
    return columnOfTexts(this.#codes.subarray(0, rows), [...this.#known.keys()], categorical);
  }
}

/** Works like `CategoryTexts` on bytes, and makes one string per distinct text. */
export class CategoryBytes implements ColumnBuilder {
  readonly failed = false;
  #codes = new Int32Array(0);
  readonly #texts = new TextTable();

  /** Makes room for `rows` rows. */
  grow(rows: number): void {
    this.#codes = grown(this.#codes, rows);
  }

  /** Adds the text `bytes[from..to)`. There must be room for the row. */
  add(row: number, bytes: Uint8Array, from: number, to: number): void {
    this.#codes[row] = this.#texts.intern(bytes, from, to);
  }

  build(rows: number, categorical: boolean): NumberColumn | CodedColumn {
    const texts = Array.from({ length: this.#texts.size }, (_, i) =>
      Buffer.from(this.#texts.bytes(i)).toString(),
    );
    return columnOfTexts(this.#codes.subarray(0, rows), texts, categorical);
  }
}

/**
 * Builds a column of numbers or booleans if every present text is one, otherwise a column of categories.
 * @param codes index into `texts` per row; overwritten. @param categorical numbers are categories.
 */
function columnOfTexts(
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
  const name = meaning === numberOf ? numberName : meaning;
  return mergeCategories(
    codes,
    texts.map((text) => (isMissing(text) ? null : (name?.(text) ?? text))),
  );
}

function grown(old: Int32Array, rows: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(rows);
  larger.set(old);
  return larger;
}
