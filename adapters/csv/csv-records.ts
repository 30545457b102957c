/** CSV as RFC 4180 has it, read in pieces: quotes, doubled quotes, line ends of either kind, a byte order mark. */
import { createReadStream } from 'node:fs';
import { CitibikeError } from '../../contracts/errors.ts';

/** Bytes read at a time. */
const CHUNK = 1 << 18;
/** A record longer than this is a quote that was never closed. */
const LONGEST_RECORD = 1 << 24;
const DELIMITERS = [',', '\t', ';', '|'] as const;
const QUOTE = 34;
const [CR, LF] = [13, 10];

/**
 * Calls `onRecord` with the fields of each record, the header's among them; blank lines are left out. The array is used again for
 * the next record. The delimiter is the one of comma, tab, semicolon and bar that the first line has most of.
 * @throws CitibikeError INVALID_INPUT for a quote that is not closed.
 */
export async function readCsvRecords(
  file: string,
  onRecord: (fields: readonly string[], record: number) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  const fields: string[] = [];
  let [pending, record, delimiter] = ['', 0, 0];

  const take = (text: string, isLast: boolean): string => {
    let start = 0;
    while (start < text.length) {
      const first = text.charCodeAt(start);
      if (first === CR || first === LF) {
        start += 1;
        continue;
      }
      delimiter ||= delimiterOf(text, isLast);
      const next = delimiter === 0 ? -1 : parseRecord(text, start, delimiter, fields, isLast);
      if (next < 0) break;
      record += 1;
      onRecord(fields, record);
      start = next;
    }
    return start < text.length ? text.slice(start) : '';
  };

  for await (const chunk of createReadStream(file, { highWaterMark: CHUNK })) {
    pending = take(pending + decoder.decode(chunk as Buffer, { stream: true }), false);
    if (pending.length > LONGEST_RECORD) break;
  }
  if (pending.length <= LONGEST_RECORD) pending = take(pending + decoder.decode(), true);
  if (pending !== '') {
    throw new CitibikeError(
      'INVALID_INPUT',
      `${file}, record ${record + 1}: a quote is opened and never closed`,
    );
  }
}

/** 0 while the first line is not there in full. */
function delimiterOf(text: string, isLast: boolean): number {
  const end = text.search(/[\r\n]/);
  if (end < 0 && !isLast) return 0;
  const line = (end < 0 ? text : text.slice(0, end)).replace(/"[^"]*"/g, '');
  const count = (delimiter: string) => line.split(delimiter).length;
  return [...DELIMITERS].sort((a, b) => count(b) - count(a))[0]!.charCodeAt(0);
}

/** Fields of the record at `start`; where the next begins, or −1 when this one is not there in full. */
function parseRecord(
  text: string,
  start: number,
  delimiter: number,
  fields: string[],
  isLast: boolean,
): number {
  fields.length = 0;
  let at = start;
  for (;;) {
    if (text.charCodeAt(at) === QUOTE) {
      const closed = closingQuote(text, at + 1);
      if (closed < 0 || (closed + 1 === text.length && !isLast)) return -1;
      fields.push(text.slice(at + 1, closed).replaceAll('""', '"'));
      at = closed + 1;
    } else {
      const from = at;
      let code = text.charCodeAt(at);
      while (at < text.length && code !== delimiter && code !== CR && code !== LF)
        code = text.charCodeAt(++at);
      if (at === text.length && !isLast) return -1;
      fields.push(text.slice(from, at));
    }
    if (at >= text.length) return text.length;
    const code = text.charCodeAt(at);
    at += 1;
    if (code === delimiter) continue;
    // CRLF; a CR at the end of a piece is followed by a LF that the next record skips.
    return code === CR && text.charCodeAt(at) === LF ? at + 1 : at;
  }
}

function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text.charCodeAt(at + 1) === QUOTE) at = text.indexOf('"', at + 2);
  return at;
}
