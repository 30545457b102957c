/** Checks that a text file is UTF-8, and finds its line ends, before anything is parsed. */
import { isUtf8 } from 'node:buffer';
import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { pipeline } from 'node:stream';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';
import { checkQuotes, type LineEnd } from './quotes-and-line-ends.ts';
import type { TableFile } from './table-file.ts';

export interface TextFacts {
  readonly lineEnd: LineEnd;
  /** Beginning of the text without byte order mark; contains the whole header. */
  readonly head: string;
  readonly delimiter: string;
  /** True if the file has no quote and no carriage return, so that splitting at delimiter and LF suffices. */
  readonly plain: boolean;
}

const [LF, CR, QUOTE, NUL] = [10, 13, 34, 0];
const BYTE_ORDER_MARK = Buffer.from('\uFEFF');
const DELIMITERS = [',', '\t', ';', '|'] as const;
/** Matches the header and preceding blank lines. */
const HEADER = /^[\r\n]*((?:"[^"]*"|[^"\r\n])+)/;
const CHUNK = 1 << 18;
const NOTHING = Buffer.alloc(0);
/** Limits the bytes of a line beyond which the file counts as binary. */
const LONGEST_LINE = 1 << 24;
/** Limits the number of bytes of a line in a message. */
const LINE_SHOWN = 60;

/** Signatures of other formats, for files with the extension of a text file. */
const SIGNATURES: readonly (readonly [readonly number[], string])[] = [
  [[0xff, 0xfe, 0, 0], 'UTF-32 (little-endian)'],
  [[0xff, 0xfe], 'UTF-16 (little-endian)'],
  [[0xfe, 0xff], 'UTF-16 (big-endian)'],
  [[0x50, 0x41, 0x52, 0x31], 'a parquet file'],
  [[0x50, 0x4b, 3, 4], 'a zip archive (an Excel workbook is one)'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an Excel workbook (.xls)'],
  [[0x1f, 0x8b], 'a gzip file'],
];

/**
 * Reads a whole text file once, and files with quotes or carriage returns twice.
 * @throws CitibikeError INVALID_INPUT for an empty file, broken gzip, an encoding other than UTF-8 (named, with the
 *   first line that shows it), and what `checkQuotes` rejects.
 */
export async function readTextFacts(file: TableFile): Promise<TextFacts> {
  let [head, rest]: [Buffer, Buffer] = [NOTHING, NOTHING];
  let [hasReturns, hasQuotes, hasHeader] = [false, false, false];
  for await (const chunk of textBytes(file)) {
    if (head.length === 0) checkSignature(file, chunk);
    if (!hasHeader) {
      head = Buffer.concat([head, chunk]);
      hasHeader = head.length > LONGEST_LINE || endsHeader(head);
    }
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const whole = wholeCharacters(bytes);
    rest = Buffer.from(bytes.subarray(whole));
    if (!isUtf8(bytes.subarray(0, whole)) || chunk.includes(NUL)) throw await badLine(file);
    hasReturns ||= chunk.includes(CR);
    hasQuotes ||= chunk.includes(QUOTE);
  }
  if (rest.length > 0) throw await badLine(file);
  const text = head.toString('utf8', 0, wholeCharacters(head)).replace(/^\uFEFF/, '');
  if (text === '') throw invalid(`${file.name} is empty: expected a line of column names`);
  const delimiter = file.delimiter ?? delimiterOf(text);
  const plain = !hasReturns && !hasQuotes;
  const lineEnd = plain ? '\n' : await checkQuotes(file, withoutMark(textBytes(file)), delimiter);
  return { lineEnd, head: text, delimiter, plain };
}

/** Checks whether the bytes contain the whole header and its line end. */
function endsHeader(head: Buffer): boolean {
  const text = head.toString('latin1').replace(/^\xEF\xBB\xBF/, '');
  const header = HEADER.exec(text)?.[0] ?? text;
  return header.length < text.length && text[header.length] !== '"';
}

/** Returns the most frequent delimiter of the header. */
function delimiterOf(head: string): string {
  const line = (HEADER.exec(head)?.[1] ?? '').replace(/"[^"]*"/g, '');
  const count = (each: string) => line.split(each).length;
  return [...DELIMITERS].sort((a, b) => count(b) - count(a))[0]!;
}

async function* withoutMark(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const chunk of chunks) {
    const marked = isFirst && chunk.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
    yield marked ? chunk.subarray(BYTE_ORDER_MARK.length) : chunk;
    isFirst = false;
  }
}

/**
 * Yields the inflated bytes of a file. A chunk is overwritten by the next one.
 * @throws CitibikeError INVALID_INPUT for a broken or unreadable file.
 */
export async function* textBytes({ path, name, gzipped, content }: TableFile): AsyncGenerator<Buffer> {
  try {
    if (content) {
      if (content.length > 0) yield content;
      return;
    }
    if (gzipped) {
      const raw = createReadStream(path);
      // The consumer of the last stream receives the error of either.
      yield* pipeline(raw, createGunzip({ chunkSize: CHUNK }), () => undefined) as AsyncIterable<Buffer>;
    } else yield* plainBytes(path);
  } catch (error) {
    if (error instanceof CitibikeError) throw error;
    throw invalid(
      gzipped
        ? `${name} cannot be inflated (${messageOf(error)}): expected a complete gzip file`
        : `${name} cannot be read (${messageOf(error)})`,
    );
  }
}

/** Reads into one buffer, because a stream would allocate every chunk, which takes longer than the checks. */
function* plainBytes(path: string): Generator<Buffer> {
  const descriptor = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(CHUNK);
    for (let read = readSync(descriptor, buffer); read > 0; read = readSync(descriptor, buffer))
      yield buffer.subarray(0, read);
  } finally {
    closeSync(descriptor);
  }
}

function checkSignature({ name }: TableFile, bytes: Buffer): void {
  const found = SIGNATURES.find(([mark]) => mark.every((byte, i) => bytes[i] === byte))?.[1];
  if (found !== undefined) {
    throw invalid(
      `${name}, line 1: this is ${found}, expected text in UTF-8: save it as CSV in UTF-8, or correct the extension`,
    );
  }
}

/** Returns the number of bytes before an incomplete character at the end. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}

/** Describes the first line that is not UTF-8 text. It reads the file again, so that valid files need no line count. */
async function badLine(file: TableFile): Promise<CitibikeError> {
  let [number, rest]: [number, Buffer] = [1, NOTHING];
  for await (const chunk of textBytes(file)) {
    const bytes = Buffer.concat([rest, chunk]);
    let start = 0;
    // A carriage return at the end may be the first half of CRLF.
    for (let at = 0; at < bytes.length - 1; at++) {
      const byte = bytes[at];
      if (byte !== LF && (byte !== CR || bytes[at + 1] === LF)) continue;
      const line = bytes.subarray(start, at);
      if (isBad(line)) return notUtf8(file, number, line);
      number += 1;
      start = at + 1;
    }
    rest = bytes.subarray(start);
    if (rest.length > LONGEST_LINE) break;
  }
  return notUtf8(file, number, rest);
}

const isBad = (line: Buffer): boolean => line.includes(NUL) || !isUtf8(line);

function notUtf8({ name }: TableFile, number: number, line: Buffer): CitibikeError {
  if (line.includes(NUL)) {
    const wide = line.filter((byte) => byte === NUL).length > line.length / 4;
    return invalid(
      `${name}, line ${number}: it has a NUL byte, expected text in UTF-8: it is ${wide ? 'UTF-16 without a mark, or binary' : 'binary'}; save it as CSV in UTF-8`,
    );
  }
  const encoding = line.some((byte) => byte >= 0x80 && byte < 0xa0) ? 'Windows-1252' : 'Latin-1 (ISO 8859-1)';
  const shown = new TextDecoder('windows-1252').decode(line.subarray(0, LINE_SHOWN)).trimEnd();
  return invalid(
    `${name}, line ${number}: it is not UTF-8, probably ${encoding}: ${showValue(shown)}; save it in UTF-8, ` +
      `for example with iconv -f ${encoding.startsWith('W') ? 'WINDOWS-1252' : 'ISO-8859-1'} -t UTF-8`,
  );
}

function invalid(message: string): CitibikeError {
  return new CitibikeError('INVALID_INPUT', message);
}
