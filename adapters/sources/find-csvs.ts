/** Finds the CSVs of trip archives: bare, gzipped, or in a zip. No name inside an archive becomes a path. */
import { createWriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { monthsOf } from '../../contracts/calendar.ts';
import type { MonthSpan } from '../../contracts/months.ts';
import { badArchive } from './bad-archive.ts';
import { holdsMonth, isOneMonth, monthsInName } from './months-in-name.ts';
import { readZipEntry, type ZipEntry } from './zip-entry.ts';
import { listZip, RATIO_FROM_BYTES, ZIP_LIMITS, type ZipLimits } from './zip-reader.ts';

export interface FindOptions {
  /** Name of the archive for messages; its local path may be a temporary one. */
  readonly archiveName: string;
  /** `YYYY-MM`; selects the entries of this month from an archive of several months. */
  readonly month?: string;
  /** Months of the archive. Default: those that its name stands for. */
  readonly months?: MonthSpan | undefined;
  /** Folder for archives inside the archive. */
  readonly workDir: string;
  readonly limits?: ZipLimits;
  readonly signal?: AbortSignal | undefined;
}

/** Represents a CSV of an archive, named by its path in it: `2023.zip` may contain `202301.zip/202301_1.csv`. */
export interface ArchiveCsv {
  readonly name: string;
  readonly entry: ZipEntry;
  /** Months that its name or that of the archive stands for. */
  readonly months: MonthSpan | undefined;
}

/**
 * Finds the CSVs of an archive: all CSVs of a month, or those of a longer time whose names or inner archives include the month.
 * Inner archives of the month are unpacked to `workDir` one at a time.
 * @throws CitibikeError BAD_ARCHIVE if it is truncated, not a zip, too large, damaged, or has no CSV (of the month).
 */
export async function findCsvs(archive: string, options: FindOptions): Promise<ArchiveCsv[]> {
  const { archiveName, month, limits = ZIP_LIMITS } = options;
  const months = options.months ?? monthsInName(archiveName);
  if (!isZip(archiveName)) return [await singleCsv(archive, archiveName, months, limits)];
  const entries = await listZip(archive, archiveName, limits);
  const zips = innerZips(entries);
  const csvs = tripCsvs(entries);
  if (csvs.length + zips.length === 0) throw badArchive({ file: archiveName }, reasonWithoutCsv(entries));
  const ofMonth = (list: readonly ZipEntry[]) =>
    list
      .map((entry) => ({ name: entry.name, entry, months: monthsOfEntry(entry.name, months) }))
      .filter((each) => !each.months || month === undefined || holdsMonth(each.months, month));
  const found: ArchiveCsv[] = ofMonth(csvs);
  for (const [index, zip] of ofMonth(zips).entries())
    found.push(...(await findInside(zip, path.join(options.workDir, `${index}.zip`), options)));
  if (found.length === 0) {
    const names = [...csvs, ...zips].map(({ name }) => name);
    throw badArchive({ file: archiveName }, `has no CSV for ${month}, only ${names.slice(0, 5).join(', ')}`);
  }
  return withoutCopies(found).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Lists the months of an archive of several, in order, by the names of its CSVs and inner archives or by its own name.
 * @throws CitibikeError BAD_ARCHIVE if it is not a complete zip, or names no month.
 */
export async function listMonths(archive: string, archiveName: string): Promise<string[]> {
  const entries = isZip(archiveName) ? await listZip(archive, archiveName, ZIP_LIMITS) : [];
  const named = [...tripCsvs(entries), ...innerZips(entries)].flatMap(({ name }) => monthsInName(name) ?? []);
  const months = (named.length > 0 ? named : [monthsInName(archiveName) ?? []].flat()).flatMap(monthsOf);
  if (months.length === 0) throw badArchive({ file: archiveName }, reasonWithoutCsv(entries));
  return [...new Set(months)].sort();
}

/** Returns the months of an entry. In the archive of one month, only the name of another month says otherwise. */
function monthsOfEntry(name: string, ofArchive: MonthSpan | undefined): MonthSpan | undefined {
  const own = monthsInName(name);
  return own && (!ofArchive || !isOneMonth(ofArchive) || isOneMonth(own)) ? own : ofArchive;
}

function isZip(archiveName: string): boolean {
  return !/\.(csv|gz)$/i.test(archiveName);
}

function innerZips(entries: readonly ZipEntry[]): ZipEntry[] {
  return entries.filter(({ name }) => /\.zip$/i.test(name));
}

/** Leaves out lists of stations, which some archives contain beside their trips. */
function tripCsvs(entries: readonly ZipEntry[]): ZipEntry[] {
  const csvs = entries.filter(({ name }) => /\.csv$/i.test(name));
  const trips = csvs.filter(({ name }) => !/^(?!.*trip).*station/i.test(path.posix.basename(name)));
  return trips.length > 0 ? trips : csvs;
}

/** Describes a CSV that is not in a zip. The size that a gzipped one inflates to is unknown, so it is bounded as in a zip. */
async function singleCsv(
  file: string,
  name: string,
  months: MonthSpan | undefined,
  limits: ZipLimits,
): Promise<ArchiveCsv> {
  const { size } = await stat(file);
  const gzipped = /\.gz$/i.test(name);
  const entry: ZipEntry = {
    archive: file,
    name,
    at: 0,
    packedBytes: size,
    bytes: gzipped ? Math.min(limits.bytes, Math.max(RATIO_FROM_BYTES, limits.ratio * size)) : size,
    method: gzipped ? 'gzipped' : 'stored',
    checksum: null,
  };
  return { name, entry, months };
}

/** Finds CSVs in an inner archive. Deeper nesting does not occur, as a year contains months. */
async function findInside(
  { entry: zip, months }: ArchiveCsv,
  file: string,
  options: FindOptions,
): Promise<ArchiveCsv[]> {
  const { archiveName, limits = ZIP_LIMITS, signal } = options;
  const place = { file: archiveName, entry: zip.name };
  await mkdir(options.workDir, { recursive: true });
  await pipeline(Readable.from(readZipEntry(zip, place, signal)), createWriteStream(file));
  const entries = await listZip(file, `${archiveName}, ${zip.name}`, limits);
  const csvs = tripCsvs(entries);
  if (csvs.length === 0) throw badArchive(place, reasonWithoutCsv(entries));
  return csvs.map((entry) => ({
    name: `${zip.name}/${entry.name}`,
    entry,
    months: monthsOfEntry(entry.name, months),
  }));
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
 * Limits the relative difference in size between a month and its parts, which repeat the header and may have other line ends. Beyond it,
 * the parts are not a copy but the rest of the month.
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

function reasonWithoutCsv(entries: readonly ZipEntry[]): string {
  const names = entries.map(({ name }) => name);
  return `no CSV inside, got ${names.length === 0 ? 'no files' : names.slice(0, 5).join(', ')}`;
}
