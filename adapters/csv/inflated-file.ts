/** A gzipped file laid out plain, so that it can be read like one that never was gzipped, twice where it takes that. */
import { closeSync, createReadStream, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';

/** Bytes inflated at a time. */
const CHUNK = 1 << 18;

export interface OpenFile {
  /** What errors call it. */
  readonly name: string;
  readonly descriptor: number;
}

/**
 * @param work what to do while the plain file is there.
 * @throws CitibikeError INVALID_INPUT for a file that is no gzip or is cut short, and where there is no room to lay it out.
 */
export async function withInflated<T>(file: string, work: (plain: OpenFile) => T): Promise<T> {
  const descriptor = openNameless();
  try {
    await inflate(file, descriptor);
    return work({ name: file, descriptor });
  } finally {
    closeSync(descriptor);
  }
}

async function inflate(file: string, descriptor: number): Promise<void> {
  try {
    await pipeline(
      createReadStream(file),
      createGunzip({ chunkSize: CHUNK }),
      async (inflated: AsyncIterable<Buffer>) => {
        for await (const bytes of inflated) writeFileSync(descriptor, bytes);
      },
    );
  } catch (error) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `${file} cannot be inflated (${messageOf(error)}): expected a whole gzip file, and room for what is in it in ${tmpdir()}`,
      {},
      { cause: error },
    );
  }
}

/** Taken out of its folder at once: however the process ends, nothing stays. */
function openNameless(): number {
  const folder = mkdtempSync(path.join(tmpdir(), 'citibike-inflated-'));
  try {
    return openSync(path.join(folder, 'plain'), 'wx+');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
