/** Buffers log lines and writes them together after a quarter of a second, or when the buffer is full. */
import { pino } from 'pino';

const FLUSH_MS = 250;
const BUFFER_CHARACTERS = 16_384;

/**
 * Writes to standard output without waiting for the reader. Joins the lines here, because pino's own buffer copies its content
 * for every line, which costs a quarter of the throughput under full load.
 */
export function bufferedLog(): { write(line: string): void } {
  const output = pino.destination({ dest: 1, sync: false });
  let lines = '';
  const pass = (): void => {
    if (lines !== '') output.write(lines);
    lines = '';
  };
  setInterval(pass, FLUSH_MS).unref();
  process.on('exit', () => {
    pass();
    output.flushSync();
  });
  return {
    write: (line) => {
      lines += line;
      if (lines.length >= BUFFER_CHARACTERS) pass();
    },
  };
}
