/** Reads and advances pointers, small JSON objects that refer to the newest artifact. Advances use conditional writes. */
import type { ArtifactRef } from '../../contracts/artifact.ts';
import { canonicalJson } from '../../adapters/s3/json-text.ts';
import type { ObjectStore } from '../../adapters/s3/object-store.ts';
import { CitibikeError } from '../../contracts/errors.ts';

/** Limits the attempts. Each lost race means that another writer succeeded. */
const ATTEMPTS = 8;

/** Writes these bytes to `uri` unless it has them. Returns true if it wrote. */
export async function advanceObject(
  objects: ObjectStore,
  uri: string,
  content: Uint8Array,
  contentType: string,
): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    const current = await readIfThere(objects, uri);
    if (current && Buffer.from(current.body).equals(content)) return false;
    try {
      const condition = current ? { ifMatch: current.etag } : { ifAbsent: true };
      await objects.put(uri, content, { contentType, ...condition });
      return true;
    } catch (error) {
      const lostRace = error instanceof CitibikeError && error.code === 'CONFLICT';
      if (!lostRace || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Writes a value as JSON like `advanceObject`. Equal values give equal bytes. */
export async function advancePointer(objects: ObjectStore, uri: string, value: object): Promise<boolean> {
  return advanceObject(objects, uri, Buffer.from(canonicalJson(value)), 'application/json');
}

/** Returns the value of a pointer. Returns undefined if the pointer does not exist or its artifact was deleted. */
export async function readPointer<T extends { readonly ref: ArtifactRef }>(
  objects: ObjectStore,
  uri: string,
): Promise<T | undefined> {
  const current = await readIfThere(objects, uri);
  if (!current) return undefined;
  const value = JSON.parse(Buffer.from(current.body).toString('utf8')) as T;
  return (await objects.head(value.ref.uri)) ? value : undefined;
}

async function readIfThere(
  objects: ObjectStore,
  uri: string,
): Promise<{ body: Uint8Array; etag: string } | undefined> {
  try {
    return await objects.getWithEtag(uri);
  } catch (error) {
    if (error instanceof CitibikeError && error.code === 'SOURCE_NOT_FOUND') return undefined;
    throw error;
  }
}
