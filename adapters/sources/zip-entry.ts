/** Reads one file of a zip, or a file on its own, inflated in chunks and compared with the announced size. */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { crc32, createGunzip, createInflateRaw } from 'node:zlib';
import { messageOf } from '../../contracts/errors.ts';
import { badArchive, type BadArchivePlace } from './bad-archive.ts';

/** Locates an entry: plain data, which can be sent to another thread. */
export interface ZipEntry {
  /** Local path of the zip, or of the file itself. */
  readonly archive: string;
  /** Name inside the zip. */
  readonly name: string;
  /** Offset of the first byte of its data. */
  readonly at: number;
  readonly packedBytes: number;
  /** Inflated size; the largest permitted one for a gzipped file, which does not announce it. */
  readonly bytes: number;
  readonly method: 'stored' | 'deflated' | 'gzipped';
  /** CRC-32; null for a file that is not in a zip. */
  readonly checksum: number | null;
}

const READ_BYTES = 256 * 1024;
/** Is large enough to make the overhead per chunk negligible, small enough to hold a dozen in memory. */
const INFLATED_CHUNK_BYTES = 256 * 1024;
/** Chunks inflated ahead of the reader. */
const AHEAD = 4;

/**
 * Yields the entry's bytes. A zlib thread inflates ahead while the caller processes a chunk.
 * @throws CitibikeError BAD_ARCHIVE if it cannot be inflated, has another size than announced, or another checksum.
 */
export async function* readZipEntry(
  entry: ZipEntry,
  place: BadArchivePlace,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  if (entry.packedBytes === 0) return;
  const packed = createReadStream(entry.archive, {
    start: entry.at,
    end: entry.at + entry.packedBytes - 1,
    highWaterMark: READ_BYTES,
  });
  const options = { chunkSize: INFLATED_CHUNK_BYTES, highWaterMark: AHEAD * INFLATED_CHUNK_BYTES };
  // Errors reach the loop below, which ends the pipeline in every case.
  const stream =
    entry.method === 'stored'
      ? packed
      : pipeline(
          packed,
          entry.method === 'gzipped' ? createGunzip(options) : createInflateRaw(options),
          () => undefined,
        );
  let bytes = 0;
  let checksum = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      signal?.throwIfAborted();
      bytes += chunk.byteLength;
      if (bytes > entry.bytes)
        throw badArchive(
          place,
          entry.method === 'gzipped'
            ? `inflates to more than ${entry.bytes} bytes, ${entry.packedBytes} when gzipped: rejected as a gzip bomb`
            : `inflates to more than the ${entry.bytes} bytes in the zip's directory: rejected as a zip bomb`,
        );
      if (entry.checksum !== null) checksum = crc32(chunk, checksum);
      yield chunk;
    }
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (!isInflateError(error)) throw error;
    throw badArchive(place, `cannot be inflated: ${messageOf(error)}. Fetch the archive again.`, error);
  }
  if (bytes !== entry.bytes && entry.method !== 'gzipped')
    throw badArchive(
      place,
      `inflates to ${bytes} bytes, expected ${entry.bytes} by the zip's directory. Fetch the archive again.`,
    );
  if (entry.checksum !== null && checksum !== entry.checksum)
    throw badArchive(place, 'checksum does not match: the archive is damaged. Fetch it again.');
}

/** Tells errors of the archive from errors of the disk. */
function isInflateError(error: unknown): boolean {
  return /^(Z_|ERR_(STREAM|ZLIB))/.test(String((error as { code?: unknown }).code));
}
