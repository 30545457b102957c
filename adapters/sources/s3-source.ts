/** Reads a folder of a bucket as a source, `s3://bucket/folder`, with the endpoint and keys of the settings. */
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import type { ObjectStore } from '../s3/object-store.ts';
import type { AllowedSource } from './allow-list.ts';
import { md5OfEtag, type OpenedFile, type SourceEntry } from './entry.ts';

export async function listObjects({ url }: AllowedSource, objects: ObjectStore): Promise<SourceEntry[]> {
  const folder = url.endsWith('/') ? url : `${url}/`;
  const entries: SourceEntry[] = [];
  for await (const object of objects.list(folder)) {
    if (!object.uri.endsWith('/'))
      entries.push(entryOf(object.uri, object.bytes, object.etag, object.modified));
  }
  return entries;
}

export async function headObject(
  { url }: AllowedSource,
  objects: ObjectStore,
): Promise<SourceEntry | undefined> {
  const object = await objects.head(url);
  return object && entryOf(url, object.bytes, object.etag, object.modified);
}

/** Opens an object. @throws CitibikeError CONFLICT if its version is not `etag`. */
export async function openObject(
  { url: uri }: AllowedSource,
  from: number,
  etag: string | null,
  signal: AbortSignal,
  objects: ObjectStore,
): Promise<OpenedFile> {
  const object = await objects
    .open(uri, { from, ifMatch: etag ?? undefined, signal })
    .catch((error: unknown) => {
      if (!(error instanceof CitibikeError && error.code === 'CONFLICT')) throw error;
      throw new CitibikeError(
        'CONFLICT',
        `${uri} changed: it no longer has the version ${etag}`,
        { changed: uri },
        { cause: error },
      );
    });
  return {
    from,
    etag: object.etag,
    bytes: object.bytes,
    md5: md5OfEtag(object.etag, object.encryption),
    body: bodyOf(uri, object.body),
  };
}

async function* bodyOf(uri: string, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw new CitibikeError(
      'SOURCE_UNAVAILABLE',
      `${uri} was interrupted: ${messageOf(error)}`,
      { url: uri },
      { cause: error },
    );
  }
}

function entryOf(uri: string, bytes: number, etag: string, modified: Date): SourceEntry {
  return { url: uri, name: uri.split('/').at(-1) ?? uri, bytes, etag, modified: modified.getTime() };
}
