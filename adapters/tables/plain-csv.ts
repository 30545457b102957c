/**
 * Reads large CSV files that need no parsing: no quotes, lines that end in LF. A million rows cost half of what they
 * cost in DuckDB and in Papa Parse (BENCH.md, drift). Every other file is read by Papa Parse.
 */
import type { TableFile } from './table-file.ts';
import { CategoryBytes, NumberTexts, type Collect, type CsvPass } from './text-column.ts';
import { textBytes, type TextFacts } from './text-facts.ts';
import { readNumber } from './read-number.ts';

const LF = 10;

/** @returns undefined where a line has another number of fields than the header: the exact reader names it. */
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
  readonly #delimiter: number;
  #inHeader = true;

  constructor(delimiter: number, collect: readonly Collect[]) {
    this.#delimiter = delimiter;
    this.builders = collect.map((each) =>
      each === 'nothing' ? undefined : each === 'numbers' ? new NumberTexts() : new CategoryBytes(),
    );
  }

  /** Takes whole lines, `bytes[0..to)`. @returns whether each has as many fields as the header. */
  take(bytes: Buffer, to: number): boolean {
    let at = 0;
    while (at < to) {
      if (bytes[at] === LF) at += 1;
      else if (this.#inHeader) {
        at = bytes.indexOf(LF) + 1;
        this.#inHeader = false;
      } else {
        at = this.#line(bytes, at);
        if (at < 0) return false;
        this.rows += 1;
      }
    }
    return true;
  }

  /** @returns the place after the line, −1 if it has another number of fields. */
  #line(bytes: Buffer, from: number): number {
    const [builders, delimiter, row] = [this.builders, this.#delimiter, this.rows];
    const last = builders.length - 1;
    let at = from;
    for (let i = 0; i <= last; i++) {
      const builder = builders[i];
      const start = at;
      if (builder instanceof NumberTexts) {
        at = readNumber(bytes, start, builder.roomFor(row), row);
        const isNumber = at > start && (bytes[at] === delimiter || bytes[at] === LF) && builder.accept(row);
        if (!isNumber) {
          at = fieldEnd(bytes, at, delimiter);
          builder.add(row, bytes.toString('utf8', start, at));
        }
      } else {
        at = fieldEnd(bytes, start, delimiter);
        builder?.add(row, bytes, start, at);
      }
      const isLast = bytes[at] === LF;
      if (isLast !== (i === last)) return -1;
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
