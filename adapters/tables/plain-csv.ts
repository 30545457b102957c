/**
 * Reads CSV files without quotes whose lines end in LF. It takes half the time of DuckDB and Papa Parse for a million rows
 * (docs/adr/0003-read-csv-without-quotes-without-a-parser.md). Papa Parse reads all other files.
 */
import type { TableFile } from './table-file.ts';
import { CategoryBytes, NumberTexts, type Collect, type CsvPass } from './text-column.ts';
import { textBytes, type TextFacts } from './text-facts.ts';
import { readNumber } from './read-number.ts';

const LF = 10;
/** Sets the initial capacity in rows. */
const FIRST_ROWS = 4_096;
/** Is the first byte of a byte order mark. */
const MARK = 0xef;

/** Reads a file. @returns undefined if a line and the header differ in fields, so that the exact reader reports the line. */
export async function readPlainCsv(
  file: TableFile,
  facts: TextFacts,
  collect: readonly Collect[],
): Promise<CsvPass | undefined> {
  const scanner = new PlainScanner(facts.delimiter.charCodeAt(0), collect);
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of textBytes(file)) {
    const bytes = Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(LF) + 1;
    if (!scanner.take(bytes, end)) return undefined;
    rest = bytes.subarray(end);
  }
  if (rest.length > 0 && !scanner.take(Buffer.concat([rest, Buffer.from('\n')]), rest.length + 1))
    return undefined;
  return { rows: scanner.rows, builders: scanner.builders };
}

class PlainScanner {
  rows = 0;
  readonly builders: readonly (NumberTexts | CategoryBytes | undefined)[];
  readonly #numbers: readonly (NumberTexts | undefined)[];
  readonly #texts: readonly (CategoryBytes | undefined)[];
  readonly #delimiter: number;
  /** Capacity of the columns in rows. */
  #room = 0;
  #inHeader = true;

  constructor(delimiter: number, collect: readonly Collect[]) {
    this.#delimiter = delimiter;
    this.#numbers = collect.map((each) => (each === 'numbers' ? new NumberTexts() : undefined));
    this.#texts = collect.map((each) => (each === 'texts' ? new CategoryBytes() : undefined));
    this.builders = collect.map((_, i) => this.#numbers[i] ?? this.#texts[i]);
  }

  /** Reads whole lines, `bytes[0..to)`. @returns true if each has as many fields as the header. */
  take(bytes: Buffer, to: number): boolean {
    // A byte order mark may precede the header.
    let at = this.#inHeader && bytes[0] === MARK ? 3 : 0;
    while (at < to) {
      if (bytes[at] === LF) at += 1;
      else if (this.#inHeader) {
        at = bytes.indexOf(LF, at) + 1;
        this.#inHeader = false;
      } else {
        if (this.rows === this.#room) this.#grow();
        at = this.#line(bytes, at);
        if (at < 0) return false;
        this.rows += 1;
      }
    }
    return true;
  }

  #grow(): void {
    this.#room = Math.max(FIRST_ROWS, 2 * this.#room);
    for (const builder of this.builders) builder?.grow(this.#room);
  }

  /** Reads a line. @returns the index after it; −1 if it has another number of fields. */
  #line(bytes: Buffer, from: number): number {
    const [numbers, delimiter, row] = [this.#numbers, this.#delimiter, this.rows];
    const last = numbers.length - 1;
    let at = from;
    for (let i = 0; i <= last; i++) {
      const start = at;
      const column = numbers[i];
      if (column) {
        at = readNumber(bytes, start, column.values, row);
        const byte = bytes[at];
        const value = column.values[row]!;
        if (value !== value || (byte !== delimiter && byte !== LF)) {
          at = fieldEnd(bytes, at, delimiter);
          // Only numbers are kept, and they are ASCII.
          column.add(row, bytes.toString('latin1', start, at));
        }
      } else {
        at = fieldEnd(bytes, start, delimiter);
        this.#texts[i]?.add(row, bytes, start, at);
      }
      if ((bytes[at] === LF) !== (i === last)) return -1;
      at += 1;
    }
    return at;
  }
}

function fieldEnd(bytes: Buffer, from: number, delimiter: number): number {
  let at = from;
  for (let byte = bytes[at]; byte !== delimiter && byte !== LF;) byte = bytes[++at];
  return at;
}
