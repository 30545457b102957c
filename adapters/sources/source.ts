/** One way to list a source, to look at a file of it and to copy it, whatever its scheme: file, s3, http, https. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { CitibikeError } from '../../contracts/errors.ts';
import { download, type Downloaded, type DownloadOptions } from './download.ts';
import type { OpenFile, SourceAccess, SourceEntry } from './entry.ts';
import { describeFile, listFolder, openPath } from './file.ts';
import { getText, headUrl, openUrl } from './http.ts';
import { headObject, listObjects, openObject } from './s3.ts';
import { listBucket } from './s3-listing.ts';

/** Heads under way at once where a web source cannot be listed. */
const HEADS_AT_ONCE = 8;

/**
 * Every file of the source.
 * @param candidates names to look for one by one where a web source cannot be listed.
 * @throws CitibikeError SOURCE_NOT_FOUND, SOURCE_UNAVAILABLE (may pass), UPSTREAM_REFUSED.
 */
export async function listSourceEntries(
  address: string,
  candidates: readonly string[],
  access: SourceAccess,
): Promise<SourceEntry[]> {
  switch (schemeOf(address)) {
    case 'file':
      return listFolder(address);
    case 's3':
      return listObjects(address, access.objects);
    case 'http':
      return (await listBucket(address, access.signal)) ?? headCandidates(address, candidates, access.signal);
  }
}

/** One file as it is now, or undefined where there is none. */
export async function describeSource(url: string, access: SourceAccess): Promise<SourceEntry | undefined> {
  switch (schemeOf(url)) {
    case 'file':
      return describeFile(url);
    case 's3':
      return headObject(url, access.objects);
    case 'http':
      return headUrl(url, access.signal);
  }
}

/** Downloads one file of a source to a local path: `download` for the scheme of its address. */
export async function downloadFromSource(
  file: string,
  access: SourceAccess,
  options: DownloadOptions,
): Promise<Downloaded> {
  return download(opener(options.url, access), file, { ...options, signal: access.signal });
}

/** A small file of a source as text. */
export async function readTextFromSource(url: string, access: SourceAccess): Promise<string> {
  switch (schemeOf(url)) {
    case 'file':
      return readFile(fileURLToPath(url), 'utf8');
    case 's3':
      return Buffer.from(await access.objects.get(url)).toString('utf8');
    case 'http':
      return getText(url, { signal: access.signal });
  }
}

function opener(url: string, { objects }: SourceAccess): OpenFile {
  switch (schemeOf(url)) {
    case 'file':
      return (from) => openPath(url, from);
    case 's3':
      return (from, etag, signal) => openObject(url, from, etag, signal, objects);
    case 'http':
      return (from, etag, signal) => openUrl(url, from, etag, signal);
  }
}

function schemeOf(address: string): 'file' | 's3' | 'http' {
  const scheme = /^(file|s3|https?):\/\//.exec(address)?.[1];
  if (scheme === undefined) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `source ${JSON.stringify(address)}: expected an address that starts with https://, http://, s3:// or file://`,
    );
  }
  return scheme === 'https' ? 'http' : (scheme as 'file' | 's3' | 'http');
}

/** A bucket that may not be listed answers 403 for what is not there; so 403 means missing, unless it is all that is ever answered. */
async function headCandidates(
  address: string,
  candidates: readonly string[],
  signal: AbortSignal | undefined,
): Promise<SourceEntry[]> {
  const base = address.replace(/\/+$/, '');
  const found: SourceEntry[] = [];
  const refused: CitibikeError[] = [];
  const look = async (name: string): Promise<void> => {
    try {
      const entry = await headUrl(`${base}/${encodeURIComponent(name)}`, signal);
      if (entry) found.push(entry);
    } catch (error) {
      if (!(error instanceof CitibikeError && error.code === 'UPSTREAM_REFUSED')) throw error;
      refused.push(error);
    }
  };
  for (let start = 0; start < candidates.length; start += HEADS_AT_ONCE)
    await Promise.all(candidates.slice(start, start + HEADS_AT_ONCE).map(look));
  if (refused.length === candidates.length && refused[0]) throw refused[0];
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}
