/** Resolves names of table files to a file and its format. */
import { accessSync, constants, statSync, type Stats } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';

export interface TableFile {
  /** Name in messages, as the user wrote it. */
  readonly name: string;
  /** Absolute path. */
  readonly path: string;
  readonly format: 'csv' | 'parquet';
  readonly gzipped: boolean;
  /** Delimiter that the extension fixes; undefined for .csv, where the header decides. */
  readonly delimiter?: '\t';
  readonly bytes: number;
  /** Contents of a table that is in memory; `path` is then unused. */
  readonly content?: Buffer;
}

/** A CSV that is in memory. */
export function csvOf(name: string, content: Uint8Array | string): TableFile {
  const buffer = Buffer.from(content as Uint8Array);
  return { name, path: '', format: 'csv', gzipped: false, bytes: buffer.length, content: buffer };
}

const EXTENSION = /\.(?:(parquet)|(csv|tsv)(\.gz)?)$/i;
const EXPECTED = 'a file that ends in .csv, .tsv, .csv.gz, .tsv.gz or .parquet';

/** Returns the extension of a table file with its dot, such as `.csv.gz`; undefined for other names. */
export const tableExtension = (name: string): string | undefined => EXTENSION.exec(name)?.[0].toLowerCase();

/**
 * Finds a table file. Paths are literal: `[ ] * ? %` have no special meaning.
 * @throws CitibikeError SOURCE_NOT_FOUND if there is none; INVALID_INPUT for a folder, a pipe, another format, or
 *   a file that cannot be opened.
 */
export function tableFile(name: string): TableFile {
  const file = localPath(name);
  const found = statOf(file, name);
  if (!found) throw new CitibikeError('SOURCE_NOT_FOUND', `no file ${name}`);
  if (found.isDirectory()) throw invalid(`${name} is a folder: name one file in it, ${EXPECTED}`);
  // A pipe cannot be read twice, and a device may have no end.
  if (!found.isFile())
    throw invalid(`${name} is not a regular file: save its content in a file, and name that`);
  return { ...tableFormat(name), name, path: file, bytes: found.size };
}

/** Returns the format by the extension. @throws CitibikeError INVALID_INPUT for other extensions. */
export function tableFormat(name: string): Pick<TableFile, 'format' | 'gzipped' | 'delimiter'> {
  const [matched, parquet, text, gzip] = EXTENSION.exec(name) ?? [];
  if (matched === undefined) throw invalid(`${name}: expected ${EXPECTED}`);
  if (parquet !== undefined) return { format: 'parquet', gzipped: false };
  return {
    format: 'csv',
    gzipped: gzip !== undefined,
    ...(text!.toLowerCase() === 'tsv' ? { delimiter: '\t' } : {}),
  };
}

/**
 * Resolves a path or a `file://` address, which is decoded once.
 * @throws CitibikeError INVALID_INPUT for an address that names no file of this machine.
 */
export function localPath(name: string): string {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(name)?.[1]?.toLowerCase();
  if (scheme === undefined) return path.resolve(name);
  if (scheme !== 'file') throw invalid(`${showValue(name)}: expected a path or an address file:///`);
  return fileAddressPath(name);
}

/** Decodes a `file://` address. @throws CitibikeError INVALID_INPUT for a query, a fragment or a bad escape. */
export function fileAddressPath(address: string): string {
  const mark = addressMarkProblem(address);
  if (mark !== undefined) throw invalid(`${showValue(address)}: ${mark}`);
  try {
    return fileURLToPath(address);
  } catch (error) {
    throw invalid(`${showValue(address)}: expected an address file:///folder/file (${messageOf(error)})`);
  }
}

/** Explains why an address with a query or a fragment is invalid; file names have neither. */
export function addressMarkProblem(address: string): string | undefined {
  const mark = /[?#]/.exec(address)?.[0];
  if (mark === undefined) return undefined;
  const [part, code] = mark === '?' ? ['query', '%3F'] : ['fragment', '%23'];
  return (
    `${mark} starts a ${part} in an address, expected a file name alone; ` +
    `write ${code} for a ${mark} in the name, or give the path instead of an address`
  );
}

function statOf(file: string, name: string): Stats | undefined {
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found) accessSync(file, constants.R_OK);
    return found;
  } catch (error) {
    throw invalid(
      `${name} cannot be opened (${messageOf(error)}): check the path, and that you have permission to read it`,
    );
  }
}

function invalid(message: string): CitibikeError {
  return new CitibikeError('INVALID_INPUT', message);
}
