/** A column of a CSV as it grows, row by row: numbers until a text is met, texts by number from then on. */
import { TextTable } from '../rides/text-table.ts';
import { mergeCategories, type CodedColumn } from './coded-column.ts';
import type { NumberColumn } from './column-table.ts';
import { readNumber } from './read-number.ts';
import { booleanOf, isMissing, numberOf } from './text-number.ts';

/** How the cells of a column are read. */
export const [NUMBERS, TEXTS, NOTHING] = [0, 1, 2] as const;
export type Reading = typeof NUMBERS | typeof TEXTS | typeof NOTHING;

const NO_NUMBERS = new Float64Array(0);
const NO_CODES = new Int32Array(0);

export class CsvColumn {
  /** Numbers turn to nothing when a text is met behind a number: what the texts before were is only in the file. */
  reading: Reading;
  /** NaN where missing; of use while numbers are read. */
  numbers: Float64Array = NO_NUMBERS;
  #codes: Int32Array = NO_CODES;
  #texts = new TextTable();
  #booleans = 0;

  constructor(reading: Reading) {
    this.reading = reading;
  }

  /** Makes room for `rows` rows. What is never written takes no memory. */
  grow(rows: number): void {
    if (this.reading === NUMBERS) {
      const numbers = new Float64Array(rows);
      numbers.set(this.numbers);
      this.numbers = numbers;
    } else if (this.reading === TEXTS) {
      const codes = new Int32Array(rows);
      codes.set(this.#codes);
      this.#codes = codes;
    }
  }

  /** The cell `bytes[from..to)`; a byte that ends a number must follow. */
  put(row: number, bytes: Buffer, from: number, to: number): void {
    if (this.reading === TEXTS) this.#codes[row] = this.#texts.intern(bytes, from, to);
    else if (this.reading === NUMBERS) {
      const isNumber = readNumber(bytes, from, this.numbers, row) === to && to > from;
      if (isNumber) {
        if (Number.isNaN(this.numbers[row]!)) this.numbers[row] = Number(bytes.toString('latin1', from, to));
      } else this.putText(row, from === to ? '' : bytes.toString('utf8', from, to));
    }
  }

  putText(row: number, text: string): void {
    if (this.reading === TEXTS) {
      const bytes = Buffer.from(text);
      this.#codes[row] = this.#texts.intern(bytes, 0, bytes.length);
      return;
    }
    if (this.reading === NOTHING) return;
    if (isMissing(text)) {
      this.numbers[row] = NaN;
      return;
    }
    const value = numberOf(text);
    if (value !== undefined) {
      this.numbers[row] = value;
      return;
    }
    const truth = booleanOf(text);
    if (truth !== undefined) {
      this.numbers[row] = truth;
      this.#booleans += 1;
    } else if (this.#present(row) > 0) this.reading = NOTHING;
    else this.#turnToTexts(row, text);
  }

  /** Whether the column has to be read again, as texts: it has numbers and booleans, or either and texts. */
  isMixed(rows: number): boolean {
    if (this.reading === NOTHING) return true;
    return this.reading === NUMBERS && this.#booleans > 0 && this.#present(rows) > this.#booleans;
  }

  /** @param numbersAreNames whether texts that are all numbers, or all booleans, are told as numbers. */
  build(rows: number, numbersAreNames: boolean): NumberColumn | CodedColumn {
    if (this.reading === NUMBERS) return { type: 'num', values: this.numbers.subarray(0, rows) };
    return this.#coded(rows, numbersAreNames);
  }

  /** Every row before was missing, and is so still. */
  #turnToTexts(row: number, text: string): void {
    this.reading = TEXTS;
    this.#codes = new Int32Array(this.numbers.length);
    this.#codes.fill(this.#texts.intern(NO_BYTES, 0, 0), 0, row);
    this.numbers = NO_NUMBERS;
    this.putText(row, text);
  }

  #present(rows: number): number {
    let count = 0;
    for (let row = 0; row < rows; row++) if (!Number.isNaN(this.numbers[row]!)) count += 1;
    return count;
  }

  #coded(rows: number, numbersAreNames: boolean): CodedColumn {
    const texts = Array.from({ length: this.#texts.size }, (_, i) =>
      Buffer.from(this.#texts.bytes(i)).toString(),
    );
    const present = texts.filter((text) => !isMissing(text));
    const areNumbers =
      numbersAreNames &&
      (present.every((text) => numberOf(text) !== undefined) ||
        present.every((text) => booleanOf(text) !== undefined));
    // Texts of one number are one category, and so are bytes that are no UTF-8 and read alike.
    const found = texts.map((text) => {
      if (isMissing(text)) return null;
      return areNumbers ? (numberOf(text) ?? booleanOf(text)!) : text;
    });
    return mergeCategories(this.#codes.subarray(0, rows), found);
  }
}

const NO_BYTES = new Uint8Array(0);
