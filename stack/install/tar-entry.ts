/**
 * Extracts one file from a gzipped tar. Nothing else is unpacked, so no name or link in the archive reaches
 * the disk.
 */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

const BLOCK = 512;
const MAX_UNPACKED_BYTES = 512 << 20;
/** Holds the type flags of a regular file, in the current and in the oldest tar format. */
const REGULAR = ['0', '\0'];

/**
 * Extracts the file.
 * @returns the content of the first regular file with that base name.
 * @throws Error if the archive is damaged or does not contain the file.
 */
export async function readTarEntry(archive: Buffer, name: string): Promise<Buffer> {
  const tar = await promisify(gunzip)(archive, { maxOutputLength: MAX_UNPACKED_BYTES });
  let at = 0;
  while (at + BLOCK <= tar.length && tar[at] !== 0) {
    const entry = text(tar, at, 100);
    const octal = text(tar, at + 124, 12).trim();
    const start = at + BLOCK;
    const end = start + parseInt(octal, 8);
    if (!/^[0-7]+$/.test(octal) || end > tar.length) throw new Error('the archive is damaged');
    const type = String.fromCharCode(tar[at + 156]!);
    if (REGULAR.includes(type) && entry.split('/').at(-1) === name) return tar.subarray(start, end);
    at = start + Math.ceil((end - start) / BLOCK) * BLOCK;
  }
  throw new Error(`the archive contains no file ${name}`);
}

/** Returns the text before the first NUL. */
function text(tar: Buffer, at: number, length: number): string {
  return tar.toString('latin1', at, at + length).split('\0', 1)[0]!;
}
