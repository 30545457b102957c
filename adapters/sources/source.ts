/** One way to list a source and to copy a file of it, whatever its scheme: file, s3, http, https. */
import { CitibikeError } from '../../contracts/errors.ts';
import type { SourceAccess, SourceEntry } from './entry.ts';
import { copyFromFolder, listFolder } from './file.ts';
import { downloadUrl, headUrl } from './http.ts';
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
      return listObjects(address, access);
    case 'http':
      return (await listBucket(address, access.signal)) ?? headCandidates(address, candidates, access.signal);
  }
}

/** Copies one file of a source to a local path. */
export async function copyFromSource(
  url: string,
  file: string,
  access: SourceAccess & { readonly onBytes?: (bytes: number) => void },
): Promise<void> {
  switch (schemeOf(url)) {
    case 'file':
      return copyFromFolder(url, file);
    case 's3':
      return access.objects.getToFile(url, file);
    case 'http':
      return downloadUrl(url, file, access);
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

async function listObjects(address: string, { objects }: SourceAccess): Promise<SourceEntry[]> {
  const folder = address.endsWith('/') ? address : `${address}/`;
  const entries: SourceEntry[] = [];
  for await (const object of objects.list(folder)) {
    entries.push({
      url: object.uri,
      name: object.uri.split('/').at(-1) ?? object.uri,
      bytes: object.bytes,
      etag: object.etag,
      modified: object.modified.getTime(),
    });
  }
  return entries;
}

async function headCandidates(
  address: string,
  candidates: readonly string[],
  signal: AbortSignal | undefined,
): Promise<SourceEntry[]> {
  const base = address.replace(/\/+$/, '');
  const found: SourceEntry[] = [];
  for (let start = 0; start < candidates.length; start += HEADS_AT_ONCE) {
    const heads = candidates
      .slice(start, start + HEADS_AT_ONCE)
      .map((name) => headUrl(`${base}/${encodeURIComponent(name)}`, signal));
    found.push(...(await Promise.all(heads)).filter((entry) => entry !== undefined));
  }
  return found;
}
