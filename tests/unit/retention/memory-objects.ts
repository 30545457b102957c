/** Keeps objects with their ages in memory. */
import { Readable } from 'node:stream';
import type { RetentionObjects } from '../../../activities/retention/kept-objects.ts';
import type { ObjectInfo } from '../../../adapters/s3/object-store.ts';
import { CitibikeError } from '../../../contracts/errors.ts';

const BUCKETS = { artifacts: 'artifacts', mlflow: 'mlflow', data: 'data' };

export class MemoryObjects implements RetentionObjects {
  readonly buckets = BUCKETS;
  readonly #content = new Map<string, { readonly body: string; readonly modified: Date }>();

  put(uri: string, value: unknown, modified: Date): void {
    this.#content.set(uri, { body: JSON.stringify(value), modified });
  }

  has(uri: string): boolean {
    return this.#content.has(uri);
  }

  get uris(): string[] {
    return [...this.#content.keys()].sort();
  }

  async *list(prefix: string): AsyncGenerator<ObjectInfo> {
    for (const uri of this.uris) if (uri.startsWith(prefix)) yield (await this.head(uri))!;
  }

  async head(uri: string): Promise<ObjectInfo | undefined> {
    const found = this.#content.get(uri);
    return found && { uri, bytes: found.body.length, etag: found.body, modified: found.modified };
  }

  async open(uri: string) {
    const body = this.#content.get(uri)?.body;
    if (body === undefined) throw new CitibikeError('SOURCE_NOT_FOUND', `${uri} does not exist`);
    return { body: Readable.from([Buffer.from(body)]), etag: null, bytes: body.length, encryption: null };
  }

  async getJson<T>(uri: string): Promise<T> {
    const body = this.#content.get(uri)?.body;
    if (body === undefined) throw new CitibikeError('SOURCE_NOT_FOUND', `${uri} does not exist`);
    return JSON.parse(body) as T;
  }

  async delete(uri: string): Promise<void> {
    this.#content.delete(uri);
  }
}
