/** Small JSON objects that point at the newest of something, advanced with conditional writes only. */
import { canonicalJson } from '../../adapters/s3/artifact-store.ts';
import type { ObjectStore } from '../../adapters/s3/object-store.ts';
import { CitibikeError } from '../../contracts/errors.ts';

/** Lost races before giving up: each one means that another writer succeeded meanwhile. */
const ATTEMPTS = 8;

/** Makes the object at `uri` hold these bytes. @returns whether it had to be written. */
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

/** `advanceObject` for JSON; the same value is the same bytes. */
export async function advancePointer(objects: ObjectStore, uri: string, value: object): Promise<boolean> {
  return advanceObject(objects, uri, Buffer.from(canonicalJson(value)), 'application/json');
}

/** The value a pointer holds, or undefined where there is none. */
export async function readPointer<T>(objects: ObjectStore, uri: string): Promise<T | undefined> {
  const current = await readIfThere(objects, uri);
  return current ? (JSON.parse(Buffer.from(current.body).toString('utf8')) as T) : undefined;
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
