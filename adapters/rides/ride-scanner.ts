/**
 * Reads a trip CSV from the bytes as they are inflated. It is strict: every row has the header's fields, every byte is UTF-8, and
 * quotes close on their line. Anything else is an error that names the line. Only the needed columns are parsed.
 */
import { isUtf8 } from 'node:buffer';
import { badArchive, type BadArchivePlace } from '../sources/bad-archive.ts';
import type { CsvLayouts } from './csv-layouts.ts';
import { excerpt, knownAccident, recogniseHeader, type RideColumns } from './ride-header.ts';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const QUOTE = 34;
const COMMA = 44;

/** Published lines have at most a few hundred bytes. */
const LONGEST_LINE = 64 * 1024;

const NOTHING = new Uint8Array(0);

/** Receives rows as positions in a buffer that is overwritten afterwards. */
export interface RowSink {
  /** Is called once, before any row. */
  begin(columns: RideColumns): void;
  /** Receives a row. Field `i` is `bytes[starts[i]..ends[i])` without quotes. @returns a reason to reject the file at this line. */
  row(
    bytes: Uint8Array,
    starts: Int32Array,
    ends: Int32Array,
    lineFrom: number,
    lineTo: number,
  ): string | undefined;
}

export class RideScanner {
  readonly #place: BadArchivePlace;
  readonly #sink: RowSink;
  readonly #layouts: CsvLayouts;
  #columns: RideColumns | undefined;
  #header = '';
  /** Number of fields that every row must have. */
  #count = 0;
  #starts = new Int32Array(0);
  #ends = new Int32Array(0);
  /** 1-based number of the current line. */
  #line = 1;
  /** The start of a line whose end is in the next chunk. */
  #rest: Uint8Array = NOTHING;
  #emptyLine = 0;
  #quoted = false;

  constructor(place: BadArchivePlace, sink: RowSink, layouts: CsvLayouts) {
    this.#place = place;
    this.#sink = sink;
    this.#layouts = layouts;
  }

  get header(): string {
    return this.#header;
  }

  /** Tells whether any row had a quoted field. */
  get quoted(): boolean {
    return this.#quoted;
  }

  /** Tells whether there was an empty line. Only other empty lines may follow it. */
  get hasEmptyLine(): boolean {
    return this.#emptyLine > 0;
  }

  get columns(): RideColumns {
    if (!this.#columns) throw new Error('no header was read yet');
    return this.#columns;
  }

  /** Scans the whole lines of a chunk. @throws CitibikeError BAD_ARCHIVE with the line. */
  feed(chunk: Uint8Array): void {
    const last = chunk.lastIndexOf(LINE_FEED) + 1;
    let from = 0;
    if (last > 0 && this.#rest.length > 0) {
      from = chunk.indexOf(LINE_FEED) + 1;
      const whole = Buffer.concat([this.#rest, chunk.subarray(0, from)]);
      this.#rest = NOTHING;
      this.#scan(whole, 0, whole.length);
    }
    if (from < last) this.#scan(chunk, from, last);
    if (last < chunk.length) this.#rest = Buffer.concat([this.#rest, chunk.subarray(last)]);
    if (this.#rest.length > LONGEST_LINE) throw this.#tooLong();
  }

  /** Scans the last line, which may lack its line feed. @throws CitibikeError BAD_ARCHIVE, also for a file without a header. */
  end(): void {
    if (this.#rest.length > 0) this.feed(Uint8Array.of(LINE_FEED));
    if (!this.#columns) recogniseHeader('', this.#place, this.#layouts);
  }

  /** Scans whole lines: `bytes[to - 1]` is a line feed, so no loop needs to watch for the end. */
  #scan(bytes: Uint8Array, start: number, to: number): void {
    let from = start;
    if (!isUtf8(bytes.subarray(from, to))) throw this.#wrongEncoding(bytes, from, to);
    if (!this.#columns) {
      from = bytes.indexOf(LINE_FEED, from) + 1;
      this.#readHeader(bytes, start, from - 1);
    }
    let at = from;
    while (at < to) at = this.#scanLine(bytes, at);
  }

  /** Scans one line. It is a separate function because V8 then keeps it optimised. @returns the start of the next line. */
  #scanLine(bytes: Uint8Array, from: number): number {
    const count = this.#count;
    const starts = this.#starts;
    const ends = this.#ends;
    let at = from;
    let byte = bytes[at]!;
    if (byte === LINE_FEED || (byte === CARRIAGE_RETURN && bytes[at + 1] === LINE_FEED)) {
      this.#emptyLine ||= this.#line;
      this.#line++;
      return at + (byte === LINE_FEED ? 1 : 2);
    }
    if (this.#emptyLine > 0) throw this.#failure('an empty line among the rides', this.#emptyLine);
    let field = 0;
    for (;;) {
      if (byte === QUOTE) {
        starts[field] = at + 1;
        at = this.#closingQuote(bytes, at + 1, from);
        ends[field] = at;
        byte = bytes[++at]!;
        if (byte === CARRIAGE_RETURN && bytes[at + 1] === LINE_FEED) byte = bytes[++at]!;
        if (byte !== COMMA && byte !== LINE_FEED)
          throw this.#failure(`text after a closing quote: ${lineAt(bytes, from)}`);
      } else {
        starts[field] = at;
        while (byte !== COMMA && byte !== LINE_FEED) byte = bytes[++at]!;
        ends[field] = byte === LINE_FEED && bytes[at - 1] === CARRIAGE_RETURN && at > from ? at - 1 : at;
      }
      field++;
      if (byte === LINE_FEED || field > count) break;
      byte = bytes[++at]!;
    }
    if (at - from > LONGEST_LINE) throw this.#tooLong();
    if (field !== count) throw this.#failure(this.#wrongCount(bytes, from, field));
    const reason = this.#sink.row(bytes, starts, ends, from, at);
    if (reason !== undefined) throw this.#failure(reason);
    this.#line++;
    return at + 1;
  }

  #closingQuote(bytes: Uint8Array, from: number, lineFrom: number): number {
    this.#quoted = true;
    for (let at = from; ; at++) {
      const byte = bytes[at]!;
      if (byte === QUOTE) {
        if (bytes[at + 1] !== QUOTE) return at;
        at++;
      } else if (byte === LINE_FEED)
        throw this.#failure(`a quote that is not closed: ${lineAt(bytes, lineFrom)}`);
    }
  }

  #readHeader(bytes: Uint8Array, from: number, to: number): void {
    if (to - from > LONGEST_LINE) throw this.#tooLong();
    this.#header = Buffer.from(bytes.subarray(from, to))
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .replace(/\r$/, '');
    if (this.#header.includes('\0'))
      throw this.#failure('not UTF-8 text (UTF-16?): the header holds zero bytes');
    this.#columns = recogniseHeader(this.#header, this.#place, this.#layouts);
    this.#count = this.#columns.count;
    // One more than expected, to detect a row with too many fields.
    this.#starts = new Int32Array(this.#count + 1);
    this.#ends = new Int32Array(this.#count + 1);
    this.#line = 2;
    this.#sink.begin(this.#columns);
  }

  #wrongCount(bytes: Uint8Array, lineFrom: number, fields: number): string {
    const line = lineText(bytes, lineFrom);
    const { count } = this.columns;
    return (
      knownAccident(line) ??
      `${fields > count ? `more than ${count}` : fields} fields, expected ${count} as in the header: ${excerpt(line)}`
    );
  }

  #wrongEncoding(bytes: Uint8Array, from: number, to: number): Error {
    let line = this.#line;
    for (let at = from; at < to;) {
      const end = bytes.indexOf(LINE_FEED, at) + 1;
      if (!isUtf8(bytes.subarray(at, end)))
        return this.#failure('bytes that are not UTF-8: the file is in another encoding, or damaged', line);
      at = end;
      line++;
    }
    return this.#failure('bytes that are not UTF-8');
  }

  /** A line that is whole in a chunk has the same limit as one that spans chunks, so that the place of a line does not matter. */
  #tooLong(): Error {
    return this.#failure(`a line of more than ${LONGEST_LINE} bytes`);
  }

  #failure(reason: string, line = this.#line): Error {
    return badArchive({ ...this.#place, line }, reason);
  }
}

function lineText(bytes: Uint8Array, from: number): string {
  return Buffer.from(bytes.subarray(from, bytes.indexOf(LINE_FEED, from)))
    .toString('utf8')
    .replace(/\r$/, '');
}

function lineAt(bytes: Uint8Array, from: number): string {
  return excerpt(lineText(bytes, from));
}
