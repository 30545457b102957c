/** Reads rows of a CSV or TSV file as exactly decoded texts, with Papa Parse, which is fast on small files too. */
import { StringDecoder } from 'node:string_decoder';
import Papa from 'papaparse';
import { CitibikeError } from '../../contracts/errors.ts';
import { checkHeader } from './header.ts';
import type { TableFile } from './table-file.ts';
import { readTextFacts, textBytes, type TextFacts } from './text-facts.ts';

interface CsvRows {
  /** One array per row, as long as the header. */
  readonly rows: readonly (readonly string[])[];
  /** Number of the first row, counted from 1 after the header. */
  readonly first: number;
  /** Line of each row in the file: quoted cells may hold line ends. */
  readonly lines: readonly number[];
}

export interface CsvReader {
  /** Receives the column names before any row. */
  readonly header: (names: readonly string[]) => void;
  readonly rows: (batch: CsvRows) => void;
}

/**
 * Reads a whole file. The delimiter is the most frequent of comma, tab, semicolon and bar in the header. Blank
 * lines are skipped; in a file of one column they are missing values.
 * @throws CitibikeError INVALID_INPUT naming line and field counts for ragged rows, doubled or missing column names, and
 *   what `readTextFacts` rejects.
 */
export async function readCsvRows(file: TableFile, reader: CsvReader): Promise<void> {
  await readCsvText(file, await readTextFacts(file), reader);
}

/** Like `readCsvRows` for a file whose facts are known. */
export async function readCsvText(file: TableFile, facts: TextFacts, reader: CsvReader): Promise<void> {
  const rows = new CheckedRows(file, reader);
  const parser = new Papa.Parser({ delimiter: facts.delimiter, newline: facts.lineEnd });
  const decoder = new StringDecoder('utf8');
  let [text, rest, isFirst] = ['', '', true];
  const parse = (isLast: boolean): void => {
    const { data, meta } = parser.parse(text, 0, !isLast) as Papa.ParseResult<string[]>;
    rows.take(data, text, facts.lineEnd);
    text = rest = text.slice(meta.cursor);
  };
  for await (const chunk of textBytes(file)) {
    text += decoder.write(chunk);
    if (isFirst) text = text.replace(/^\uFEFF/, '');
    isFirst = false;
    // A record longer than a chunk is parsed again only when twice as much of it has arrived.
    if (text.length >= 2 * rest.length) parse(false);
  }
  parse(true);
  rows.finish();
}

/** Passes on rows that are as long as the header, and counts lines for messages. */
class CheckedRows {
  readonly #file: string;
  readonly #reader: CsvReader;
  #names: readonly string[] | undefined;
  #rows = 0;
  /** Line of the next record. */
  #line = 1;
  /** Held-back blank lines of a file of one column. Trailing ones are the end of the file. */
  #blanks = 0;
  #ragged: { row: number; line: number; fields: number } | undefined;
  #raggedCount = 0;

  constructor(file: TableFile, reader: CsvReader) {
    this.#file = file.name;
    this.#reader = reader;
  }

  /** @param text from which the records were parsed. */
  take(data: readonly string[][], text: string, { length: lineEnd }: string): void {
    const rows: string[][] = [];
    const lines: number[] = [];
    const first = this.#rows + 1;
    let at = 0;
    for (const fields of data) {
      this.#record(fields, rows, text[at] === '"');
      while (lines.length < rows.length) lines.push(this.#line);
      this.#line += linesOf(fields);
      // Quotes matter only in the header and in rows of one field.
      if (this.#names === undefined || this.#names.length === 1) at += lengthOf(fields, text, at) + lineEnd;
    }
    if (rows.length > 0) this.#reader.rows({ rows, first, lines });
  }

  /** Ends the file. @throws CitibikeError INVALID_INPUT for ragged rows, with their count and the first one. */
  finish(): void {
    if (this.#names === undefined) throw this.#invalid('it has no line of column names');
    if (!this.#ragged) return;
    const { row, line, fields } = this.#ragged;
    const more = this.#raggedCount > 1 ? ` (and ${this.#raggedCount - 1} more rows)` : '';
    throw this.#invalid(
      `line ${line}, row ${row}${more}: got ${fields} fields, expected ${this.#names.length} as in the header; ` +
        'put a field that holds the delimiter in double quotes',
    );
  }

  #record(fields: string[], into: string[][], isQuoted: boolean): void {
    const isBlank = fields.length === 1 && fields[0] === '' && !isQuoted;
    if (this.#names === undefined) {
      if (isBlank) return;
      checkHeader(`${this.#file}, line ${this.#line}`, fields);
      this.#names = fields;
      this.#reader.header(fields);
      return;
    }
    const width = this.#names.length;
    if (isBlank) {
      if (width === 1) this.#blanks += 1;
      return;
    }
    for (; this.#blanks > 0; this.#blanks--) this.#add([''], into);
    if (fields.length === width) {
      this.#add(fields, into);
      return;
    }
    this.#rows += 1;
    this.#raggedCount += 1;
    this.#ragged ??= { row: this.#rows, line: this.#line, fields: fields.length };
  }

  #add(fields: string[], into: string[][]): void {
    this.#rows += 1;
    // A ragged row rejects the file, so further rows are only counted.
    if (this.#raggedCount === 0) into.push(fields);
  }

  #invalid(reason: string): CitibikeError {
    return new CitibikeError('INVALID_INPUT', `${this.#file}, ${reason}`);
  }
}

/** Counts the lines of a record, whose quoted fields may contain line ends. */
function linesOf(fields: readonly string[]): number {
  let lines = 1;
  for (const field of fields) {
    if (!field.includes('\n') && !field.includes('\r')) continue;
    lines += field.split(/\r\n|\r|\n/).length - 1;
  }
  return lines;
}

/** Counts the characters of a record in the text, without its line end. */
function lengthOf(fields: readonly string[], text: string, from: number): number {
  let at = from;
  for (const field of fields) {
    const quotes = text[at] === '"' ? 2 + field.split('"').length - 1 : 0;
    at += field.length + quotes + 1;
  }
  return at - 1 - from;
}
