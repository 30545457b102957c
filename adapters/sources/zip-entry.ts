/** The bytes of one file inside a zip, inflated as they are read and checked against what the zip's directory says. */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { messageOf } from '../../contracts/errors.ts';
import { badArchive, type BadArchivePlace } from './bad-archive.ts';

/** Where an entry lies; plain data, to be handed from one thread to another. */
export interface ZipEntry {
  /** Local path of the zip, or of the file itself. */
  readonly archive: string;
  /** Name inside the zip. */
  readonly name: string;
  /** First byte of its data. */
  readonly at: number;
  readonly packedBytes: number;
  /** Inflated. */
  readonly bytes: number;
  readonly method: 'stored' | 'deflated';
  /** Null for a file that is in no zip. */
  readonly checksum: number | null;
}

const READ_BYTES = 256 * 1024;
/** Large enough that a chunk's overhead is nothing, small enough that a dozen of them are. */
const INFLATED_CHUNK_BYTES = 256 * 1024;
/** Chunks inflated ahead of the reader. */
const AHEAD = 4;

/**
 * Yields the entry's bytes. Inflating goes on in zlib's own thread while the caller works on a chunk.
 * @throws CitibikeError BAD_ARCHIVE when it cannot be inflated, is larger or smaller than promised, or has another checksum.
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
    entry.method === 'stored' ? packed : pipeline(packed, createInflateRaw(options), () => undefined);
  let bytes = 0;
  let checksum = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      signal?.throwIfAborted();
      bytes += chunk.byteLength;
      if (bytes > entry.bytes)
        throw badArchive(
          place,
          `inflates to more than the ${entry.bytes} bytes it promises: refused as a zip bomb`,
        );
      if (entry.checksum !== null) checksum = crc32(chunk, checksum);
      yield chunk;
    }
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (!isInflateError(error)) throw error;
    throw badArchive(place, `cannot be inflated: ${messageOf(error)}. Fetch the archive again.`, error);
  }
  if (bytes !== entry.bytes)
    throw badArchive(
      place,
      `inflates to ${bytes} bytes, not the ${entry.bytes} it promises. Fetch the archive again.`,
    );
  if (entry.checksum !== null && checksum !== entry.checksum)
    throw badArchive(place, 'checksum does not match: the archive is damaged. Fetch it again.');
}

/** A full or failing disk says nothing about the archive. */
function isInflateError(error: unknown): boolean {
  return /^(Z_|ERR_(STREAM|ZLIB))/.test(String((error as { code?: unknown }).code));
}
