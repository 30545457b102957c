/**
 * Lists the CSVs of a trip archive. Archives are untrusted: names, sizes, ratio and checksums are checked, and no name inside an
 * archive becomes a path.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { messageOf } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';
import { badArchive } from './bad-archive.ts';
import { readZipEntry, type ZipEntry } from './zip-entry.ts';

export interface ZipLimits {
  readonly entries: number;
  /** Maximum inflated bytes of all CSVs together. */
  readonly bytes: number;
  /** Maximum ratio of inflated to deflated bytes: 4 to 12 for trip CSVs, up to 1032 for a zip bomb. */
  readonly ratio: number;
}

/** The largest published month inflates to about 4 GB, the largest year to less than ten times that. */
export const ZIP_LIMITS: ZipLimits = { entries: 1000, bytes: 32 * 2 ** 30, ratio: 200 };

/** Size from which the ratio is checked. Smaller files are harmless, and often have a high ratio. */
const RATIO_FROM_BYTES = 2 ** 20;

export interface FindOptions {
  /** Name of the archive for messages; its local path may be a temporary one. */
  readonly archiveName: string;
  /** `YYYY-MM`; selects the entries of this month from an archive of several months. */
  readonly month?: string;
  /** Folder for archives inside the archive. */
  readonly workDir: string;
  readonly limits?: ZipLimits;
  readonly signal?: AbortSignal;
}

/** A CSV of an archive, named by its path in it: `2023.zip` may contain `202301.zip/202301_1.csv`. */
export interface ArchiveCsv {
  readonly name: string;
  readonly entry: ZipEntry;
}

/**
 * Finds the CSVs of an archive: all CSVs of a month, or those of a year whose names or inner archives contain the month. Inner
 * archives of the month are unpacked to `workDir` one at a time.
 * @throws CitibikeError BAD_ARCHIVE if it is truncated, not a zip, too large, damaged, or has no CSV (of the month).
 */
export async function findCsvs(archive: string, options: FindOptions): Promise<ArchiveCsv[]> {
  const { archiveName, month, limits = ZIP_LIMITS } = options;
  const entries = await listZip(archive, archiveName, limits);
  const zips = entries.filter(({ name }) => /\.zip$/i.test(name));
  const csvs = entries.filter(({ name }) => /\.csv$/i.test(name));
  if (csvs.length + zips.length === 0) throw badArchive({ file: archiveName }, reasonWithoutCsv(entries));
  const ofMonth = (list: readonly ZipEntry[]) =>
    list.filter(
      ({ name }) => monthInName(name) === undefined || month === undefined || monthInName(name) === month,
    );
  const named = [...csvs, ...zips].some(({ name }) => monthInName(name) !== undefined);
  const found = ofMonth(csvs).map((entry) => ({ name: entry.name, entry }));
  for (const [index, zip] of ofMonth(zips).entries())
    found.push(...(await findInside(zip, path.join(options.workDir, `${index}.zip`), options)));
  if (found.length === 0) {
    const names = [...csvs, ...zips].map(({ name }) => name);
    throw badArchive(
      { file: archiveName },
      `has no CSV ${named ? `for ${month}` : 'to read'}, only ${names.slice(0, 5).join(', ')}`,
    );
  }
  return withoutCopies(found).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Lists the months in the names of the CSVs and inner archives of a year's archive, in order.
 * @throws CitibikeError BAD_ARCHIVE if it is not a complete zip, or names no month.
 */
export async function listMonths(archive: string, archiveName: string): Promise<string[]> {
  const entries = await listZip(archive, archiveName, ZIP_LIMITS);
  const months = entries
    .filter(({ name }) => /\.(zip|csv)$/i.test(name))
    .map(({ name }) => monthInName(name));
  const named = [...new Set(months.filter((month) => month !== undefined))].sort();
  if (named.length === 0) throw badArchive({ file: archiveName }, reasonWithoutCsv(entries));
  return named;
}

/** Finds CSVs in an inner archive. Deeper nesting does not occur, as a year contains months. */
async function findInside(zip: ZipEntry, file: string, options: FindOptions): Promise<ArchiveCsv[]> {
  const { archiveName, limits = ZIP_LIMITS, signal } = options;
  const place = { file: archiveName, entry: zip.name };
  await mkdir(options.workDir, { recursive: true });
  await pipeline(Readable.from(readZipEntry(zip, place, signal)), createWriteStream(file));
  const entries = await listZip(file, `${archiveName}, ${zip.name}`, limits);
  const csvs = entries.filter(({ name }) => /\.csv$/i.test(name));
  if (csvs.length === 0) throw badArchive(place, reasonWithoutCsv(entries));
  return csvs.map((entry) => ({ name: `${zip.name}/${entry.name}`, entry }));
}

/**
 * Leaves out duplicate CSVs. Some years contain a CSV twice, or a month whole (`201306-citibike-tripdata.csv`) and again in parts
 * (`201306-citibike-tripdata_1.csv`, ...). Legacy rides have no id, so their duplicates could not be detected later.
 */
function withoutCopies(csvs: readonly ArchiveCsv[]): ArchiveCsv[] {
  const once = [...new Map(csvs.map((csv) => [contentOf(csv), csv])).values()];
  const wholes = new Map(once.map((csv) => [stemOf(csv.name), csv]));
  const parts = Map.groupBy(once, ({ name }) => /^(.*)_\d+$/.exec(stemOf(name))?.[1]);
  const copied = new Set(
    [...parts].flatMap(([stem, list]) => {
      const whole = stem === undefined ? undefined : wholes.get(stem);
      return whole && areAllOf(whole, list) ? list : [];
    }),
  );
  return once.filter((csv) => !copied.has(csv));
}

function contentOf({ entry, name }: ArchiveCsv): string {
  return entry.checksum === null ? name : `${entry.checksum} ${entry.bytes}`;
}

/**
 * Maximum relative difference in size between a month and its parts, which repeat the header and may have other line ends. Beyond
 * it, the parts are not a copy but the rest of the month.
 */
const MOST_DIFFERENCE = 0.02;
const HEADER_BYTES = 512;

function areAllOf(whole: ArchiveCsv, parts: readonly ArchiveCsv[]): boolean {
  const bytes = parts.reduce((sum, { entry }) => sum + entry.bytes, 0);
  const difference = Math.abs(bytes - whole.entry.bytes);
  return difference <= whole.entry.bytes * MOST_DIFFERENCE + parts.length * HEADER_BYTES;
}

function stemOf(name: string): string {
  return path.posix.basename(name).replace(/\.csv$/i, '');
}

/** Extracts `2023-01` from `2023-citibike-tripdata/202301-citibike-tripdata_1.csv`. */
function monthInName(name: string): string | undefined {
  const match = /(?:^|\D)(20\d{2})-?(0[1-9]|1[0-2])(?!\d)/.exec(path.posix.basename(name));
  return match ? `${match[1]}-${match[2]}` : undefined;
}

/** Describes a CSV that is not in a zip. */
export function bareCsv(file: string, name: string, bytes: number): ArchiveCsv {
  const entry = {
    archive: file,
    name,
    at: 0,
    packedBytes: bytes,
    bytes,
    method: 'stored',
    checksum: null,
  } as const;
  return { name, entry };
}

/** Reads only the directory of a zip, which detects a truncated archive. */
export async function checkZip(archive: string, archiveName: string): Promise<void> {
  await listZip(archive, archiveName, ZIP_LIMITS);
}

/** Lists the files of the zip, without junk. */
async function listZip(archive: string, archiveName: string, limits: ZipLimits): Promise<ZipEntry[]> {
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

function reasonWithoutCsv(entries: readonly ZipEntry[]): string {
  const names = entries.map(({ name }) => name);
  return `no CSV inside, got ${names.length === 0 ? 'no files' : names.slice(0, 5).join(', ')}`;
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
