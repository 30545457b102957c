/** Lists the files of a zip. Archives are untrusted, so names, sizes and ratio are checked before anything is inflated. */
import { open } from 'node:fs/promises';
import path from 'node:path';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { messageOf } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';
import { badArchive } from './bad-archive.ts';
import type { ZipEntry } from './zip-entry.ts';

export interface ZipLimits {
  readonly entries: number;
  /** Maximum inflated bytes of all CSVs together. */
  readonly bytes: number;
  /** Maximum ratio of inflated to deflated bytes: 4 to 12 for trip CSVs, up to 1032 for a zip bomb. */
  readonly ratio: number;
}

/** The largest published month inflates to about 4 GB, the largest year to less than ten times that. */
export const ZIP_LIMITS: ZipLimits = { entries: 1000, bytes: 32 * 2 ** 30, ratio: 200 };

/** Sets the size from which the ratio is checked. Smaller files are harmless, and often have a high ratio. */
export const RATIO_FROM_BYTES = 2 ** 20;

/** Reads only the directory of a zip, which detects a truncated archive. */
export async function checkZip(archive: string, archiveName: string): Promise<void> {
  await listZip(archive, archiveName, ZIP_LIMITS);
}

/** Lists the files of the zip, without junk. */
export async function listZip(archive: string, archiveName: string, limits: ZipLimits): Promise<ZipEntry[]> {
  return withZip(archive, archiveName, async (zip, all) => {
    checkEntries(all, archiveName, limits);
    const files: ZipEntry[] = [];
    for (const entry of all.filter(({ fileName }) => !isJunk(fileName) && !fileName.endsWith('/')))
      files.push(await placeOf(zip, entry, archive, archiveName));
    return files;
  });
}

const STORED = 0;
const DEFLATED = 8;

async function placeOf(zip: ZipFile, entry: Entry, archive: string, archiveName: string): Promise<ZipEntry> {
  const place = { file: archiveName, entry: entry.fileName };
  const { compressionMethod, compressedSize, uncompressedSize } = entry;
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED)
    throw badArchive(place, `is compressed by method ${compressionMethod}, expected deflate`);
  try {
    return {
      archive,
      name: entry.fileName,
      at: await dataStart(zip, entry),
      packedBytes: compressedSize,
      bytes: uncompressedSize,
      method: compressionMethod === STORED ? 'stored' : 'deflated',
      checksum: entry.crc32,
    };
  } catch (error) {
    throw badArchive(
      place,
      `its position in the zip cannot be read: ${messageOf(error)}. Fetch the archive again.`,
      error,
    );
  }
}

/** Declares a method of yauzl 3, because the type declarations are of version 2. */
interface LocalHeaderReader {
  readLocalFileHeader(
    entry: Entry,
    options: { minimal: true },
    done: (error: Error | null, header: { fileDataStart: number }) => void,
  ): void;
}

function dataStart(zip: ZipFile, entry: Entry): Promise<number> {
  return new Promise((resolve, reject) => {
    (zip as ZipFile & LocalHeaderReader).readLocalFileHeader(entry, { minimal: true }, (error, header) =>
      error ? reject(error) : resolve(header.fileDataStart),
    );
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
      `${(await otherThanZip(archive)) ?? `not a complete zip archive (${messageOf(error)})`}. Fetch it again.`,
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

/** Describes a file that is not a zip, if it is a known accident. */
async function otherThanZip(archive: string): Promise<string | undefined> {
  const head = Buffer.alloc(64);
  const handle = await open(archive);
  const { bytesRead } = await handle.read(head, 0, head.length, 0).finally(() => handle.close());
  if (bytesRead === 0) return 'empty: 0 bytes';
  const text = head.toString('latin1', 0, bytesRead).trim();
  return /^<(!doctype|html|\?xml|head|body|error)/i.test(text)
    ? `an HTML or XML page instead of a zip archive: ${showValue(text)}`
    : undefined;
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

/** Tells whether an entry is a resource fork (`__MACOSX/._NAME.csv`), which macOS adds for each file. */
function isJunk(name: string): boolean {
  return name.startsWith('__MACOSX/') || path.posix.basename(name).startsWith('.');
}

function checkEntries(entries: readonly Entry[], archiveName: string, limits: ZipLimits): void {
  if (entries.length > limits.entries)
    throw badArchive(
      { file: archiveName },
      `got ${entries.length} entries, expected at most ${limits.entries}`,
    );
  let total = 0;
  for (const entry of entries) {
    const { compressedSize, uncompressedSize } = entry;
    total += uncompressedSize;
    const ratio = uncompressedSize / Math.max(1, compressedSize);
    if (uncompressedSize > RATIO_FROM_BYTES && ratio > limits.ratio) {
      throw badArchive(
        { file: archiveName, entry: entry.fileName },
        `inflates ${Math.round(ratio)} times, more than ${limits.ratio}: rejected as a zip bomb`,
      );
    }
    if (entry.isEncrypted()) throw badArchive({ file: archiveName, entry: entry.fileName }, 'is encrypted');
  }
  if (total > limits.bytes) {
    throw badArchive({ file: archiveName }, `inflates to ${total} bytes, expected at most ${limits.bytes}`);
  }
}
