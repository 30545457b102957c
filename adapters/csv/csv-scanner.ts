/**
 * CSV as RFC 4180 has it, read from bytes: quotes, doubled quotes, line ends of either kind, a byte order mark. Cells go from the bytes to
 * their columns in one pass; a string is made for those alone that need one.
 */
import { CitibikeError } from '../../contracts/errors.ts';
import { NUMBERS, type CsvColumn } from './csv-column.ts';
import type { OpenFile } from './inflated-file.ts';
import { readNumber } from './read-number.ts';
import { readWholeLines, type WholeLines } from './whole-lines.ts';

/** A record longer than this is a quote that was never closed. */
const LONGEST_RECORD = 1 << 24;
const DELIMITERS = [',', '\t', ';', '|'] as const;
const QUOTE = 34;
const [CR, LF] = [13, 10];
const BYTE_ORDER_MARK = Buffer.from('\uFEFF');
/** Rows that there is room for before anything is known of the file. */
const FIRST_ROWS = 4096;
/** In place of a position: the record goes on beyond the bytes at hand. */
const UNFINISHED = -1;

/** Makes the columns that a header asks for, to be filled. */
export type ColumnsFor = (names: readonly string[]) => readonly CsvColumn[];

/**
 * Reads a whole file. The delimiter is the one of comma, tab, semicolon and bar that the first line has most of; blank lines are left out.
 * @returns the count of rows. @throws CitibikeError INVALID_INPUT naming the record that is wrong.
 */
export function scanCsv(file: string | OpenFile, columnsFor: ColumnsFor): number {
  const scanner = new CsvScanner(nameOf(file), columnsFor);
  if (!readWholeLines(file, LONGEST_RECORD, (lines) => scanner.take(lines)))
    throw scanner.refuse('a quote is opened and never closed');
  return scanner.finish();
}

export const nameOf = (file: string | OpenFile): string => (typeof file === 'string' ? file : file.name);

class CsvScanner {
  readonly #file: string;
  readonly #columnsFor: ColumnsFor;
  #columns: readonly CsvColumn[] = [];
  /** 0 until the header is read. */
  #delimiter = 0;
  #rows = 0;
  #room = 0;
  /** Whether the quoted field that was last gone through has a quote in it. */
  #hasQuote = false;

  constructor(file: string, columnsFor: ColumnsFor) {
    this.#file = file;
    this.#columnsFor = columnsFor;
  }

  /** Fills the columns with the records that end among these lines. @returns the count of bytes that were of use. */
  take(lines: WholeLines): number {
    const { bytes, to, position } = lines;
    let start = position === 0 && bytes.indexOf(BYTE_ORDER_MARK) === 0 ? BYTE_ORDER_MARK.length : 0;
    while (start < to) {
      if (bytes[start] === CR || bytes[start] === LF) {
        start += 1;
        continue;
      }
      const next = this.#delimiter === 0 ? this.#header(bytes, start, to) : this.#record(bytes, start, to);
      if (next === UNFINISHED) return start;
      start = next;
      if (this.#rows === this.#room) this.#grow(lines, start);
    }
    return to;
  }

  finish(): number {
    if (this.#delimiter > 0) return this.#rows;
    throw new CitibikeError('INVALID_INPUT', `${this.#file} is empty: expected a line of column names`);
  }

  /** About the record under way; the header is record 1. */
  refuse(reason: string): CitibikeError {
    const record = this.#delimiter === 0 ? 1 : this.#rows + 2;
    return new CitibikeError('INVALID_INPUT', `${this.#file}, record ${record}: ${reason}`);
  }

  #header(bytes: Buffer, from: number, to: number): number {
    const delimiter = delimiterOf(bytes.toString('utf8', from, to));
    const fields: string[] = [];
    let at = from;
    for (;;) {
      const end = this.#fieldEnd(bytes, at, to, delimiter);
      if (end === UNFINISHED) return UNFINISHED;
      const text = bytes.toString('utf8', at, end);
      fields.push(text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text);
      at = end + 1;
      if (bytes[end] !== delimiter) break;
    }
    this.#columns = this.#columnsFor(fields);
    this.#delimiter = delimiter;
    return at;
  }

  /** The cells of one record to their columns. A method of its own, not a loop in a loop: it is compiled once and stays so. */
  #record(bytes: Buffer, from: number, to: number): number {
    const columns = this.#columns;
    const delimiter = this.#delimiter;
    const row = this.#rows;
    let at = from;
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i]!;
      if (column.reading === NUMBERS) {
        const end = readNumber(bytes, at, column.numbers, row);
        const byte = bytes[end]!;
        const isCell = byte === delimiter || byte === LF || byte === CR;
        if (isCell && column.numbers[row] === column.numbers[row]) at = end;
        else at = this.#cell(column, row, bytes, at, to);
      } else at = this.#cell(column, row, bytes, at, to);
      if (at === UNFINISHED) return UNFINISHED;
      if (bytes[at] !== delimiter) {
        if (i < columns.length - 1) throw this.#wrongCount(i + 1);
        this.#rows += 1;
        return at + 1;
      }
      at += 1;
    }
    let count = columns.length;
    for (let end = at - 1; end !== UNFINISHED && bytes[end] === delimiter; count++)
      end = this.#fieldEnd(bytes, end + 1, to, delimiter);
    throw this.#wrongCount(count);
  }

  /** One cell of any kind to its column. @returns where it ends. */
  #cell(column: CsvColumn, row: number, bytes: Buffer, from: number, to: number): number {
    const end = this.#fieldEnd(bytes, from, to, this.#delimiter);
    if (end === UNFINISHED) return UNFINISHED;
    if (bytes[from] !== QUOTE) column.put(row, bytes, from, end);
    else if (!this.#hasQuote) column.put(row, bytes, from + 1, end - 1);
    else column.putText(row, bytes.toString('utf8', from + 1, end - 1).replaceAll('""', '"'));
    return end;
  }

  /** The place of the delimiter, or of the end of line, behind the field at `from`. */
  #fieldEnd(bytes: Buffer, from: number, to: number, delimiter: number): number {
    let at = from;
    if (bytes[at] === QUOTE) {
      at += 1;
      this.#hasQuote = false;
      // A quote within quotes is doubled.
      while (bytes[at] !== QUOTE || bytes[at + 1] === QUOTE) {
        if (bytes[at] === QUOTE) {
          this.#hasQuote = true;
          at += 1;
        }
        at += 1;
        if (at >= to) return UNFINISHED;
      }
      at += 1;
      const byte = bytes[at];
      if (byte === delimiter || byte === LF || byte === CR) return at;
      throw this.refuse(`text after a closing quote: ${bytes.toString('utf8', from, Math.min(at + 10, to))}`);
    }
    for (let byte = bytes[at]; byte !== delimiter && byte !== LF && byte !== CR;) byte = bytes[++at];
    return at;
  }

  /** By what the rows so far took of the file. */
  #grow({ position, size }: WholeLines, used: number): void {
    const expected = (this.#rows / (position + used)) * size * 1.02;
    this.#room = Math.ceil(Math.max(FIRST_ROWS, 1.25 * this.#room, expected));
    for (const column of this.#columns) column.grow(this.#room);
  }

  #wrongCount(fields: number): CitibikeError {
    return this.refuse(`got ${fields} fields, the header has ${this.#columns.length}`);
  }
}

function delimiterOf(text: string): number {
  const line = text.slice(0, text.search(/[\r\n]/)).replace(/"[^"]*"/g, '');
  const count = (delimiter: string) => line.split(delimiter).length;
  return [...DELIMITERS].sort((a, b) => count(b) - count(a))[0]!.charCodeAt(0);
}
