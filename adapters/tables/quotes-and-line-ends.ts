/** Checks quotes and line ends of a text file, which only files with a quote or a carriage return need. */
import { CitibikeError } from '../../contracts/errors.ts';
import type { TableFile } from './table-file.ts';

export type LineEnd = '\n' | '\r\n' | '\r';

const [LF, CR, QUOTE] = [10, 13, 34];
const NAMES: Readonly<Record<LineEnd, string>> = { '\n': 'LF', '\r\n': 'CRLF', '\r': 'CR' };

/** States of a byte: at the start of a field, in an unquoted field, within quotes, or after a quote within quotes. */
const [START, BARE, QUOTED, CLOSED] = [0, 1, 2, 3];

/**
 * Finds the kind of line ends outside of quotes.
 * @param chunks bytes of the file without byte order mark, in ASCII or UTF-8.
 * @throws CitibikeError INVALID_INPUT with the line for mixed line ends, an unclosed quote, and text after a closing quote.
 */
export async function checkQuotes(
  file: TableFile,
  chunks: AsyncIterable<Uint8Array>,
  delimiter: string,
): Promise<LineEnd> {
  const separator = delimiter.charCodeAt(0);
  let [line, opened, state, last] = [1, 1, START, 0];
  let kind: LineEnd | undefined;
  const end = (found: LineEnd): void => {
    if (state !== QUOTED) {
      kind ??= found;
      if (kind !== found) throw mixed(file, line, found, kind);
    }
    line += 1;
  };
  for await (const chunk of chunks) {
    for (const byte of chunk) {
      if (last === CR) end(byte === LF ? '\r\n' : '\r');
      else if (byte === LF) end('\n');
      last = byte;
      if (byte === QUOTE) {
        if (state === START) opened = line;
        state = state === QUOTED ? CLOSED : state === BARE ? BARE : QUOTED;
      } else if (state !== QUOTED) {
        if (byte === separator || byte === LF || byte === CR) state = START;
        else if (state === CLOSED) throw textAfterQuote(file, line);
        else state = BARE;
      }
    }
  }
  if (last === CR) end('\r');
  if (state === QUOTED) throw invalid(file, opened, 'a quote is opened and never closed');
  return kind ?? '\n';
}

function mixed(file: TableFile, line: number, found: LineEnd, before: LineEnd): CitibikeError {
  return invalid(
    file,
    line,
    `it ends in ${NAMES[found]}, the lines before in ${NAMES[before]}, expected one kind of line ends in a file`,
  );
}

function textAfterQuote(file: TableFile, line: number): CitibikeError {
  return invalid(
    file,
    line,
    'text follows a closing quote, expected the delimiter; write a quote within quotes twice',
  );
}

function invalid({ name }: TableFile, line: number, reason: string): CitibikeError {
  return new CitibikeError('INVALID_INPUT', `${name}, line ${line}: ${reason}`);
}
