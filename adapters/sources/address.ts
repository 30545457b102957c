/** Normalises addresses of sources, so that the address that is checked is the one that is opened. */
import { pathToFileURL } from 'node:url';
import { CitibikeError } from '../../contracts/errors.ts';
import { showValue } from '../../contracts/show-value.ts';
import { parseS3Uri } from '../s3/s3-uri.ts';
import { addressMarkProblem, fileAddressPath } from '../tables/table-file.ts';

export interface Address {
  readonly scheme: 'file' | 's3' | 'http';
  /** Origin of a web address, bucket of an s3:// address, empty for files. */
  readonly root: string;
  /** Path below the root, with a leading slash. */
  readonly path: string;
  /** Normalised address without a fragment. */
  readonly url: string;
}

/** Limits the number of characters of a value in a message. */
const MOST_SHOWN = 80;

/**
 * Matches encoded slashes, backslashes, zero bytes and dot segments. A URL parser keeps them, and a server
 * may decode them once or more often. Some servers also treat `..;x` as `..`.
 */
const HIDDEN_STEP = /%(?:25)*(?:2f|5c|00)|\/(?:\.|%(?:25)*2e){1,2}(?=[/;]|$)/i;

/**
 * Parses an address by the rules of its scheme: web and file addresses as fetch does, s3:// addresses
 * literally.
 * @throws CitibikeError INVALID_INPUT that names the field.
 */
export function parseAddress(address: string, field: string): Address {
  const scheme = /^(file|s3|https?):\/\//.exec(address)?.[1];
  const parsed =
    scheme === 's3' ? parseS3(address) : scheme === 'file' ? parseFile(address) : scheme && parseWeb(address);
  if (parsed) return parsed;
  const mark = scheme === 'file' ? addressMarkProblem(address) : undefined;
  throw new CitibikeError(
    'INVALID_INPUT',
    `${field}: got ${showValue(shownAddress(address))}, ` +
      (mark ??
        'expected an address that starts with https://, http://, s3:// or file:///, without a user name, a password or encoded slashes'),
    { field },
  );
}

/** Checks whether a path is the folder or is below it; `/data` does not contain `/database`. */
export function isWithin(path: string, folder: string): boolean {
  const stem = folder.replace(/\/+$/, '');
  return path === stem || path.startsWith(`${stem}/`);
}

/** Returns an address for messages: cut, and without user name, password and query, which may be secrets. */
export function shownAddress(address: string): string {
  const url = /^s3:/.test(address) || !URL.canParse(address) ? undefined : new URL(address);
  const plain =
    url === undefined
      ? address.replace(/\/\/[^/]*@/, '//').replace(/[?#].*$/s, '')
      : `${url.protocol}//${url.host}${url.pathname}`;
  return plain.length > MOST_SHOWN ? `${plain.slice(0, MOST_SHOWN)}…` : plain;
}

function parseWeb(address: string): Address | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.username !== '' || url.password !== '' || HIDDEN_STEP.test(url.pathname)) return undefined;
  url.hash = '';
  return { scheme: 'http', root: url.origin, path: url.pathname, url: url.href };
}

function parseFile(address: string): Address | undefined {
  try {
    const path = fileAddressPath(address);
    return path.includes('\0')
      ? undefined
      : { scheme: 'file', root: '', path, url: pathToFileURL(path).href };
  } catch {
    return undefined;
  }
}

function parseS3(address: string): Address | undefined {
  try {
    const { bucket, key } = parseS3Uri(address);
    return { scheme: 's3', root: bucket, path: `/${key}`, url: address };
  } catch {
    return undefined;
  }
}
