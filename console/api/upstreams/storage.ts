/** Reads S3 for the console: the three buckets and nothing else. */
import type { ObjectInfo, ObjectStore, OpenedObject } from '../../../adapters/s3/object-store.ts';
import { parseS3Uri } from '../../../adapters/s3/s3-uri.ts';
import { CitibikeError, messageOf } from '../../../contracts/errors.ts';
import { showValue } from '../../../contracts/show-value.ts';
import { EXPLORATION_PREFIX, explorationOf } from '../../../contracts/exploration.ts';
import type { ExplorationBody } from '../schemas/data.ts';
import { parseShownJson } from '../shown-json.ts';
import { Cache } from './cache.ts';

/** Maximum size of a month's quality report or manifest. */
const MOST_JSON_BYTES = 5_000_000;
const MOST_EXPLORATIONS = 200;

export class StorageSource {
  readonly #objects: ObjectStore;
  readonly #explorations = new Cache<ExplorationBody[]>(10_000, 1);

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  get buckets(): string[] {
    return Object.values(this.#objects.buckets);
  }

  get dataBucket(): string {
    return this.#objects.buckets.data;
  }

  close(): void {
    this.#objects.close();
  }

  async ping(): Promise<void> {
    await this.#objects.head(`s3://${this.#objects.buckets.data}/console-ping`);
  }

  /**
   * Checks an address.
   * @throws CitibikeError INVALID_INPUT if it is not in one of the three buckets.
   */
  checked(uri: string): string {
    const { bucket, key } = parseS3Uri(uri);
    if (this.buckets.includes(bucket) && !/\p{Cc}/u.test(key)) return uri;
    throw new CitibikeError(
      'INVALID_INPUT',
      `uri: got ${showValue(uri)}, expected an address in one of ${this.buckets.join(', ')}`,
      { problems: [{ field: 'uri', got: uri, wanted: `an address in one of ${this.buckets.join(', ')}` }] },
    );
  }

  async folder(bucket: string, prefix: string, cursor?: string) {
    const uri = this.checked(`s3://${bucket}/${prefix}`);
    const { folders, objects, next } = await this.#objects.folder(uri, cursor);
    return {
      folders: folders.map((folder) => parseS3Uri(folder).key),
      // A folder itself may be an empty object.
      objects: objects
        .filter((object) => object.uri !== uri)
        .map(({ uri: each, bytes, modified }) => ({ uri: each, bytes, modified: modified.toISOString() })),
      nextCursor: next ?? null,
    };
  }

  /**
   * Returns the manifest of an artifact.
   * @throws CitibikeError SOURCE_NOT_FOUND
   */
  async manifest(uri: string) {
    const object = await this.head(uri);
    const beside = await this.#objects.head(`${uri}.manifest.json`);
    const manifest = beside ? await this.readJson(beside.uri) : null;
    return { uri, bytes: object.bytes, modified: object.modified.toISOString(), manifest };
  }

  async exists(uri: string): Promise<boolean> {
    return (await this.#objects.head(this.checked(uri))) !== undefined;
  }

  /** @throws CitibikeError SOURCE_NOT_FOUND */
  async head(uri: string): Promise<ObjectInfo> {
    const object = await this.#objects.head(this.checked(uri));
    if (!object) throw new CitibikeError('SOURCE_NOT_FOUND', `S3 has nothing at ${uri}`);
    return object;
  }

  async range(uri: string, from: number, to: number): Promise<Uint8Array> {
    return this.#objects.range(this.checked(uri), from, to);
  }

  async open(uri: string, signal: AbortSignal): Promise<OpenedObject> {
    return this.#objects.open(this.checked(uri), { signal });
  }

  /**
   * Returns a JSON artifact.
   * @throws CitibikeError SOURCE_NOT_FOUND
   */
  async json(uri: string): Promise<unknown> {
    const object = await this.head(uri);
    if (object.bytes > MOST_JSON_BYTES)
      throw new CitibikeError(
        'INVALID_INPUT',
        `${uri} is too large to show (${object.bytes} bytes); download it`,
      );
    return this.readJson(uri);
  }

  /**
   * Reads a JSON object of any size. Invalid content is an error of this request only, not of the upstream.
   * @throws CitibikeError INVALID_INPUT for content that is not JSON.
   */
  async readJson<T>(uri: string): Promise<T> {
    const bytes = await this.bytes(uri);
    try {
      return parseShownJson(bytes) as T;
    } catch (error) {
      throw new CitibikeError(
        'INVALID_INPUT',
        `${uri} cannot be shown as JSON: ${messageOf(error)}`,
        {},
        { cause: error },
      );
    }
  }

  /** Returns the text of a small object; undefined if there is none. */
  async text(uri: string): Promise<string | undefined> {
    return (await this.exists(uri)) ? (await this.bytes(uri)).toString('utf8') : undefined;
  }

  async bytes(uri: string): Promise<Buffer> {
    return Buffer.from(await this.#objects.get(this.checked(uri)));
  }

  list(prefix: string): AsyncGenerator<ObjectInfo> {
    return this.#objects.list(this.checked(prefix));
  }

  /** Lists the published pages of `citibike explore`, newest first. */
  async explorations(): Promise<ExplorationBody[]> {
    return this.#explorations.get('all', async () => {
      const found: ExplorationBody[] = [];
      const { artifacts } = this.#objects.buckets;
      for await (const { uri, modified } of this.#objects.list(`s3://${artifacts}/${EXPLORATION_PREFIX}`)) {
        const exploration = explorationOf(parseS3Uri(uri).key);
        if (exploration) found.push({ ...exploration, uri, modified: modified.toISOString() });
        if (found.length === MOST_EXPLORATIONS) break;
      }
      return found.sort((a, b) => (a.modified < b.modified ? 1 : -1));
    });
  }
}
