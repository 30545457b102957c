/** Finds what the pointers to the newest data refer to: the current month data sets of each system, and the weather of each year. */
import type { ObjectStore } from '../../adapters/s3/object-store.ts';
import { isPointer } from '../../core/retention/retained-object.ts';
import { addressesInObject } from './references.ts';

const FOLDERS = ['datasets/months/', 'raw/weather/'] as const;

export class PointerReferences {
  readonly #objects: Pick<ObjectStore, 'list' | 'open' | 'buckets'>;
  /** ETag of each pointer that was read. */
  readonly #read = new Map<string, string>();

  constructor(objects: Pick<ObjectStore, 'list' | 'open' | 'buckets'>) {
    this.#objects = objects;
  }

  /** Yields the addresses in pointers that moved since the last call. */
  async *changed(): AsyncGenerator<readonly string[]> {
    const bucket = `s3://${this.#objects.buckets.data}/`;
    for (const folder of FOLDERS) {
      for await (const { uri, etag } of this.#objects.list(`${bucket}${folder}`)) {
        const key = uri.slice(bucket.length);
        if (!isPointer(key) || this.#read.get(uri) === etag) continue;
        yield await addressesInObject(this.#objects, uri);
        this.#read.set(uri, etag);
      }
    }
  }
}
