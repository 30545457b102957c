/**
 * CSV files of a trip archive, streamed to disk. An archive comes from the outside: names, sizes, ratio and checksums are checked,
 * and no name inside it ever becomes a path.
 */
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { messageOf } from '../../contracts/errors.ts';
import { badArchive } from './bad-archive.ts';

export interface ExtractedCsv {
  /** Name inside the archive. */
  readonly name: string;
  /** Local path. */
  readonly file: string;
  readonly bytes: number;
}

export interface ZipLimits {
  readonly entries: number;
  /** Inflated bytes of all CSVs together. */
  readonly bytes: number;
  /** Inflated to deflated; trip CSVs lie between 4 and 12, a bomb near deflate's limit of 1032. */
  readonly ratio: number;
}

/** The largest month published so far inflates to about 4 GB. */
export const ZIP_LIMITS: ZipLimits = { entries: 1000, bytes: 32 * 2 ** 30, ratio: 200 };

/** Below this a high ratio harms nobody and is common (a header and a few rows). */
const RATIO_FROM_BYTES = 2 ** 20;

export interface ExtractOptions {
  /** Name of the archive for messages; its local path may be a temporary one. */
  readonly archiveName: string;
  readonly limits?: ZipLimits;
  readonly signal?: AbortSignal;
  readonly onBytes?: (bytes: number) => void;
}

/**
 * Extracts every CSV of the archive into `dir`, which must exist.
 * @throws CitibikeError BAD_ARCHIVE when it is truncated, no zip, too large, corrupt, or holds no CSV.
 */
export async function extractCsvs(
  archive: string,
  dir: string,
  options: ExtractOptions,
): Promise<ExtractedCsv[]> {
  const { archiveName, limits = ZIP_LIMITS } = options;
  return withZip(archive, archiveName, async (zip, entries) => {
    checkEntries(entries, archiveName, limits);
    const wanted = entries.filter(isCsv);
    if (wanted.length === 0) throw badArchive({ file: archiveName }, reasonWithoutCsv(entries));
    const extracted: ExtractedCsv[] = [];
    for (const [index, entry] of wanted.entries()) {
      const file = path.join(dir, `${index}.csv`);
      await extractEntry(zip, entry, file, options);
      extracted.push({ name: entry.fileName, file, bytes: entry.uncompressedSize });
    }
    return extracted;
  });
}

/** Reads the directory of a zip only: enough to tell a whole archive from a truncated one. */
export async function checkZip(archive: string, archiveName: string): Promise<void> {
  await withZip(archive, archiveName, async (_zip, entries) => {
    checkEntries(entries, archiveName, ZIP_LIMITS);
    return Promise.resolve();
  });
}

async function withZip<T>(
  archive: string,
  archiveName: string,
  work: (zip: ZipFile, entries: Entry[]) => Promise<T>,
): Promise<T> {
  let zip: ZipFile;
  try {
    zip = await openZip(archive);
  } catch (error) {
    throw badArchive(
      { file: archiveName },
      `not a whole zip archive (${messageOf(error)}). Fetch it again.`,
      error,
    );
  }
  try {
    let entries: Entry[];
    try {
      entries = await readDirectory(zip);
    } catch (error) {
      throw badArchive({ file: archiveName }, `unreadable zip directory: ${messageOf(error)}`, error);
    }
    return await work(zip, entries);
  } finally {
    zip.close();
  }
}

function openZip(archive: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.open(archive, { lazyEntries: true, autoClose: false }, (error, zip) =>
      error ? reject(error) : resolve(zip),
    );
  });
}

function readDirectory(zip: ZipFile): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on('entry', (entry: Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.on('end', () => resolve(entries));
    zip.on('error', reject);
    zip.readEntry();
  });
}

/** macOS leaves `__MACOSX/._NAME.csv` beside each file: resource forks, not data. */
function isJunk(name: string): boolean {
  return name.startsWith('__MACOSX/') || path.posix.basename(name).startsWith('.');
}

function isCsv(entry: Entry): boolean {
  return /\.csv$/i.test(entry.fileName) && !isJunk(entry.fileName);
}

function reasonWithoutCsv(entries: readonly Entry[]): string {
  const names = entries.filter(({ fileName }) => !isJunk(fileName)).map(({ fileName }) => fileName);
  if (names.some((name) => /\.zip$/i.test(name)))
    return 'an archive of archives, which is not read: unpack it and give the folder of month archives as a file:// source';
  return `no CSV inside, only ${names.length === 0 ? 'nothing' : names.slice(0, 5).join(', ')}`;
}

function checkEntries(entries: readonly Entry[], archiveName: string, limits: ZipLimits): void {
  if (entries.length > limits.entries)
    throw badArchive({ file: archiveName }, `${entries.length} entries, at most ${limits.entries} are read`);
  let total = 0;
  for (const entry of entries) {
    const { compressedSize, uncompressedSize } = entry;
    total += uncompressedSize;
    const ratio = uncompressedSize / Math.max(1, compressedSize);
    if (uncompressedSize > RATIO_FROM_BYTES && ratio > limits.ratio) {
      throw badArchive(
        { file: archiveName, entry: entry.fileName },
        `inflates ${Math.round(ratio)} times, more than ${limits.ratio}: refused as a zip bomb`,
      );
    }
    if (entry.isEncrypted()) throw badArchive({ file: archiveName, entry: entry.fileName }, 'is encrypted');
  }
  if (total > limits.bytes) {
    throw badArchive({ file: archiveName }, `inflates to ${total} bytes, at most ${limits.bytes} are read`);
  }
}

async function extractEntry(
  zip: ZipFile,
  entry: Entry,
  file: string,
  options: ExtractOptions,
): Promise<void> {
  const place = { file: options.archiveName, entry: entry.fileName };
  let checksum = 0;
  // yauzl checks the size that the directory promises, but not the checksum.
  const check = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      checksum = crc32(chunk, checksum);
      options.onBytes?.(chunk.byteLength);
      done(null, chunk);
    },
  });
  try {
    const stream = await openEntry(zip, entry);
    await pipeline(stream, check, createWriteStream(file), options.signal ? { signal: options.signal } : {});
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason;
    if (isDiskError(error)) throw error;
    throw badArchive(place, `cannot be inflated: ${messageOf(error)}. Fetch the archive again.`, error);
  }
  if (checksum !== entry.crc32)
    throw badArchive(place, 'checksum does not match: the archive is damaged. Fetch it again.');
}

/** A full or failing disk says nothing about the archive. */
function isDiskError(error: unknown): boolean {
  return ['ENOSPC', 'EIO', 'EMFILE', 'EACCES'].includes(String((error as { code?: unknown }).code));
}

function openEntry(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
  });
}
