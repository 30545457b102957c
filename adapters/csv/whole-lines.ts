import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { OpenFile } from './inflated-file.ts';

/** Bytes read at a time. */
const CHUNK = 1 << 18;
const [CR, LF] = [13, 10];

/** Bytes of a file that begin and end with a line. They are overwritten afterwards. */
export interface WholeLines {
  readonly bytes: Buffer;
  /** They are `bytes[0..to)`, and the last of them is a line feed or a carriage return. */
  readonly to: number;
  /** Where in the file they begin. */
  readonly position: number;
  /** Of the file; 0 where it is not known. */
  readonly size: number;
}

/**
 * Reads a file in pieces of whole lines; a last line that lacks its end gets one. Nothing else waits for the command that reads, so it
 * reads without going round by the event loop.
 * @param take says how many of the bytes it took: what is left comes again, with the lines after it.
 * @param most bytes that may be left; more end the reading.
 * @returns whether all was taken.
 */
export function readWholeLines(
  file: string | OpenFile,
  most: number,
  take: (lines: WholeLines) => number,
): boolean {
  const isOpen = typeof file !== 'string';
  const descriptor = isOpen ? file.descriptor : openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    let bytes: Buffer = Buffer.allocUnsafeSlow(CHUNK + 1);
    let [filled, position] = [0, 0];
    for (;;) {
      // One byte is kept for the end of the last line.
      // An open file may have been read before; any other may be a pipe, which has no positions.
      const at = isOpen ? position + filled : null;
      const read = readSync(descriptor, bytes, filled, bytes.length - 1 - filled, at);
      filled += read;
      if (read === 0 && filled > 0 && bytes[filled - 1] !== LF) bytes[filled++] = LF;
      const to = read === 0 ? filled : endOfLastLine(bytes, filled);
      const taken = to === 0 ? 0 : take({ bytes, to, position, size });
      bytes.copyWithin(0, taken, filled);
      filled -= taken;
      position += taken;
      if (read === 0 || filled > most) return filled === 0;
      if (filled >= bytes.length >> 1) bytes = larger(bytes);
    }
  } finally {
    if (!isOpen) closeSync(descriptor);
  }
}

function endOfLastLine(bytes: Buffer, filled: number): number {
  const end = bytes.subarray(0, filled).lastIndexOf(LF) + 1;
  // A carriage return at the very end may be the first half of an end.
  return end > 0 || filled === 0 ? end : bytes.subarray(0, filled - 1).lastIndexOf(CR) + 1;
}

function larger(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(2 * bytes.length);
  copy.set(bytes);
  return copy;
}
