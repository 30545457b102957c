/** Keeps objects in memory, with the methods that the tested activities call. */
import { createHash } from 'node:crypto';
import { ArtifactStore } from '../../../adapters/s3/artifact-store.ts';
import type { ObjectStore } from '../../../adapters/s3/object-store.ts';
import { CitibikeError } from '../../../contracts/errors.ts';
import { jsonText, type JsonLayout } from '../../../adapters/s3/json-text.ts';

type UsedStore = Pick<
  ObjectStore,
  'buckets' | 'put' | 'putJson' | 'get' | 'getWithEtag' | 'getJson' | 'head' | 'list'
>;

export class MemoryStore implements UsedStore {
  readonly buckets = { artifacts: 'zenml-artifacts', mlflow: 'mlflow-artifacts', data: 'citibike-data' };
  readonly objects = new Map<string, { body: Uint8Array; modified: Date }>();
  #writes = 0;

  async put(uri: string, body: Uint8Array | string): Promise<string> {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    this.objects.set(uri, { body: bytes, modified: new Date((this.#writes += 1)) });
    return etagOf(bytes);
  }

  async putJson(
    uri: string,
    value: unknown,
    options: { readonly layout?: JsonLayout } = {},
  ): Promise<string> {
    return this.put(uri, jsonText(value, options.layout ?? 'compact'));
  }

  async get(uri: string): Promise<Uint8Array> {
    return (await this.getWithEtag(uri)).body;
  }

  async getWithEtag(uri: string): Promise<{ body: Uint8Array; etag: string }> {
    const found = this.objects.get(uri);
    if (!found) throw new CitibikeError('SOURCE_NOT_FOUND', `nothing at ${uri}`);
    return { body: found.body, etag: etagOf(found.body) };
  }

  async getJson<T>(uri: string): Promise<T> {
    return JSON.parse(Buffer.from(await this.get(uri)).toString('utf8')) as T;
  }

  async head(uri: string) {
    const found = this.objects.get(uri);
    return found && infoOf(uri, found);
  }

  async *list(prefix: string) {
    for (const [uri, object] of [...this.objects].sort(([a], [b]) => (a < b ? -1 : 1)))
      if (uri.startsWith(prefix)) yield infoOf(uri, object);
  }

  get asObjectStore(): ObjectStore {
    return this as unknown as ObjectStore;
  }

  get asArtifacts(): ArtifactStore {
    return new ArtifactStore(this.asObjectStore);
  }
}

function infoOf(uri: string, { body, modified }: { body: Uint8Array; modified: Date }) {
  return { uri, bytes: body.byteLength, etag: etagOf(body), modified };
}

function etagOf(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}
