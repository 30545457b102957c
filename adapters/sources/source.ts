/** Lists sources and describes, copies and writes their files, for the schemes file, s3, http and https. */
import { CitibikeError } from '../../contracts/errors.ts';
import type { AllowedSource } from './allow-list.ts';
import { download, type Downloaded, type DownloadOptions } from './download.ts';
import type { OpenFile, SourceAccess, SourceEntry } from './entry.ts';
import type { ObjectStore } from '../s3/object-store.ts';
import { describeFile, listFolder, openPath, readPath, writePath } from './file-source.ts';
import { getText, headUrl, openUrl } from './http-source.ts';
import { headObject, listObjects, openObject } from './s3-source.ts';
import { listBucket } from './s3-listing.ts';

/** Limits concurrent HEAD requests to a web source that cannot be listed. */
const HEADS_AT_ONCE = 8;

/**
 * Lists every file of the source.
 * @param candidates names to check one by one if a web source cannot be listed.
 * @throws CitibikeError SOURCE_NOT_FOUND, SOURCE_UNAVAILABLE (transient), UPSTREAM_REFUSED.
 */
export async function listSourceEntries(
  source: AllowedSource,
  candidates: readonly string[],
  access: SourceAccess,
): Promise<SourceEntry[]> {
  switch (source.scheme) {
    case 'file':
      return listFolder(source);
    case 's3':
      return listObjects(source, access.objects);
    case 'http':
      return (await listBucket(source, access.signal)) ?? headCandidates(source, candidates, access.signal);
  }
}

/** Describes the current version of one file; undefined if it does not exist. */
export async function describeSource(
  source: AllowedSource,
  access: SourceAccess,
): Promise<SourceEntry | undefined> {
  switch (source.scheme) {
    case 'file':
      return describeFile(source);
    case 's3':
      return headObject(source, access.objects);
    case 'http':
      return headUrl(source, access.signal);
  }
}

/** Downloads one file of a source to a local path, by the scheme of its address. */
export async function downloadFromSource(
  source: AllowedSource,
  file: string,
  access: SourceAccess,
  options: Omit<DownloadOptions, 'url'>,
): Promise<Downloaded> {
  return download(opener(source, access), file, { ...options, url: source.url, signal: access.signal });
}

/** Reads a small file of a source as text. */
export async function readTextFromSource(source: AllowedSource, access: SourceAccess): Promise<string> {
  switch (source.scheme) {
    case 'file':
      return readPath(source);
    case 's3':
      return Buffer.from(await access.objects.get(source.url)).toString('utf8');
    case 'http':
      return getText(source, { signal: access.signal });
  }
}

/**
 * Writes a local file to an allowed file:// or s3:// address.
 * @throws CitibikeError INVALID_INPUT for a web address.
 */
export async function writeToSource(
  target: AllowedSource,
  file: string,
  objects: ObjectStore,
  signal?: AbortSignal,
): Promise<void> {
  switch (target.scheme) {
    case 'file':
      return writePath(target, file);
    case 's3':
      return objects.putFile(target.url, file, undefined, signal);
    case 'http':
      throw new CitibikeError(
        'INVALID_INPUT',
        `${target.field}: got ${target.url}, expected an address s3:// or file:///: files are not written to web addresses`,
      );
  }
}

function opener(source: AllowedSource, { objects }: SourceAccess): OpenFile {
  switch (source.scheme) {
    case 'file':
      return (from) => openPath(source, from);
    case 's3':
      return (from, etag, signal) => openObject(source, from, etag, signal, objects);
    case 'http':
      return (from, etag, signal) => openUrl(source, from, etag, signal);
  }
}

/**
 * Checks the candidates one by one. A bucket without permission to list answers 403 for missing files, so 403 means missing unless
 * every answer is 403.
 */
async function headCandidates(
  source: AllowedSource,
  candidates: readonly string[],
  signal: AbortSignal | undefined,
): Promise<SourceEntry[]> {
  const base = source.url.replace(/\/+$/, '');
  const found: SourceEntry[] = [];
  const refused: CitibikeError[] = [];
  const look = async (name: string): Promise<void> => {
    try {
      const entry = await headUrl(source.at(`${base}/${encodeURIComponent(name)}`), signal);
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
