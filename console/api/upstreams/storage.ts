/** Reads S3 for the console: the three buckets and nothing else. */
import {
  parseS3Uri,
  type ObjectInfo,
  type ObjectStore,
  type OpenedObject,
} from '../../../adapters/s3/object-store.ts';
import { CitibikeError, messageOf } from '../../../contracts/errors.ts';
import type { MonthDataset } from '../../../contracts/frame.ts';
import { addMonths } from '../../../contracts/calendar.ts';
import { showValue } from '../../../contracts/show-value.ts';
import { EXPLORATION_PREFIX, explorationOf } from '../../../contracts/exploration.ts';
import type { ExplorationBody, MonthBody } from '../schemas/data.ts';
import { Cache } from './cache.ts';
import { monthHoursUri, monthPreviewUri, monthDatasetUri } from '../../../contracts/hours.ts';

const READS_AT_ONCE = 16;
/** Maximum size of a month's quality report or manifest. */
const MOST_JSON_BYTES = 5_000_000;
const MOST_EXPLORATIONS = 200;

/** Matches the month in raw names, such as `202401-tripdata.csv.zip`. Archives of several months have none. */
const MONTH_IN_NAME = /(?:^|\D)(\d{4})-?(0[1-9]|1[0-2])(?!\d)/;

export class StorageSource {
  readonly #objects: ObjectStore;
  readonly #months = new Cache<MonthBody[]>(10_000, 1, 50_000);
  readonly #explorations = new Cache<ExplorationBody[]>(10_000, 1);
  /** Pointers by address and ETag, which are never out of date. */
  readonly #pointers = new Cache<MonthDataset>(Infinity, 2_000);
  /** Results of reports, which are keyed by content. */
  readonly #verdicts = new Cache<MonthBody['quality']>(Infinity, 2_000);

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
    const walks = key.split('/').some((part) => part === '..' || part === '.');
    if (this.buckets.includes(bucket) && !walks && !/\p{Cc}/u.test(key)) return uri;
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
    const manifest = beside ? await this.#json<unknown>(beside.uri) : null;
    return { uri, bytes: object.bytes, modified: object.modified.toISOString(), manifest };
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
    return this.#json<unknown>(uri);
  }

  /**
   * Reads a JSON object. Invalid content is an error of this request only, not of the upstream.
   * @throws CitibikeError INVALID_INPUT for content that is not JSON.
   */
  async #json<T>(uri: string): Promise<T> {
    const bytes = await this.#objects.get(uri);
    try {
      return JSON.parse(Buffer.from(bytes).toString('utf8')) as T;
    } catch (error) {
      throw new CitibikeError(
        'INVALID_INPUT',
        `${uri} is not JSON: ${messageOf(error)}`,
        {},
        { cause: error },
      );
    }
  }

  /** Returns the text of a small object; undefined if there is none. */
  async text(uri: string): Promise<string | undefined> {
    if (!(await this.#objects.head(this.checked(uri)))) return undefined;
    return Buffer.from(await this.#objects.get(uri)).toString('utf8');
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

  /** Lists every known month of every system, and the gaps between them. */
  months(): Promise<MonthBody[]> {
    return this.#months.get('all', () => this.#readMonths());
  }

  async #readMonths(): Promise<MonthBody[]> {
    const { data } = this.#objects.buckets;
    const [pointers, raw, refused] = await Promise.all([
      this.#pointerFiles(`s3://${data}/datasets/months/`),
      this.#filesByMonth(`s3://${data}/raw/tripdata/`),
      this.#filesByMonth(`s3://${data}/quarantine/`),
    ]);
    const months = new Map<string, MonthBody>();
    for (const month of await inTurns(pointers, READS_AT_ONCE, (pointer) => this.#processed(pointer, raw)))
      months.set(`${month.system}/${month.rules}/${month.month}`, month);
    const ruleSets = new Set([...months.values()].map(({ system, rules }) => `${system}/${rules}`));
    const rulesOf = (system: string) => [...ruleSets].filter((each) => each.startsWith(`${system}/`));
    for (const [state, files] of [
      ['fetched', raw],
      ['quarantined', refused],
    ] as const) {
      for (const [key, uris] of files) {
        const [system, month] = key.split('/') as [string, string];
        for (const each of rulesOf(system).length > 0 ? rulesOf(system) : [`${system}/seed`]) {
          const known = months.get(`${each}/${month}`);
          if (!known) months.set(`${each}/${month}`, emptyMonth(each, month, state, uris));
          else if (state === 'quarantined' && known.state === 'fetched') known.state = state;
        }
      }
    }
    return [...months.values(), ...gaps([...months.values()])].sort((a, b) =>
      `${a.system}/${a.rules}/${a.month}` < `${b.system}/${b.rules}/${b.month}` ? -1 : 1,
    );
  }

  async #pointerFiles(prefix: string): Promise<{ uri: string; etag: string }[]> {
    const found: { uri: string; etag: string }[] = [];
    for await (const { uri, etag } of this.#objects.list(prefix))
      if (uri.endsWith('/current.json')) found.push({ uri, etag });
    return found;
  }

  /** Maps `{system}/{YYYY-MM}` to addresses. */
  async #filesByMonth(prefix: string): Promise<Map<string, string[]>> {
    const byMonth = new Map<string, string[]>();
    for await (const { uri } of this.#objects.list(prefix)) {
      if (/\.(manifest|reason)\.json$/.test(uri)) continue;
      const [, year, month] = MONTH_IN_NAME.exec(uri.slice(uri.lastIndexOf('/') + 1)) ?? [];
      if (!year) continue;
      const key = `${uri.slice(prefix.length).split('/')[0]}/${year}-${month}`;
      byMonth.set(key, [...(byMonth.get(key) ?? []), uri]);
    }
    return byMonth;
  }

  async #processed(
    pointer: { uri: string; etag: string },
    raw: ReadonlyMap<string, string[]>,
  ): Promise<MonthBody> {
    const [, system = '', rules = '', month = ''] =
      /datasets\/months\/([^/]+)\/([^/]+)\/([^/]+)\//.exec(pointer.uri) ?? [];
    const files = raw.get(`${system}/${month}`) ?? [];
    const dataset = await this.#readable(
      this.#pointers.get(`${pointer.uri} ${pointer.etag}`, () => this.#json<MonthDataset>(pointer.uri)),
    );
    if (dataset === null) return emptyMonth(`${system}/${rules}`, month, 'processed', files);
    return {
      system,
      rules: dataset.rules,
      month: dataset.month,
      state: dataset.provisional ? 'provisional' : 'processed',
      hours: dataset.hours,
      trips: dataset.trips,
      quality: dataset.quality ? await this.#readable(this.#verdict(dataset.quality.uri)) : null,
      digest: dataset.ref.sha256.slice(0, 16),
      files,
    };
  }

  /** Returns null for a month that cannot be read, so that the other months are still shown. */
  async #readable<T>(reading: Promise<T>): Promise<T | null> {
    try {
      return await reading;
    } catch (error) {
      if (error instanceof CitibikeError && error.code !== 'UPSTREAM_UNAVAILABLE') return null;
      throw error;
    }
  }

  async #verdict(uri: string): Promise<MonthBody['quality']> {
    return this.#verdicts.get(uri, async () => {
      const { verdict } = await this.#json<{ verdict?: MonthBody['quality'] }>(uri);
      return verdict ?? null;
    });
  }

  /**
   * Returns a month.
   * @throws CitibikeError SOURCE_NOT_FOUND if it was never processed.
   */
  async month(system: string, rules: string, month: string) {
    const found = (await this.months()).find(
      (each) => each.system === system && each.rules === rules && each.month === month,
    );
    if (!found) throw new CitibikeError('SOURCE_NOT_FOUND', `S3 has no ${month} of ${system} (${rules})`);
    const pointer = monthDatasetUri(this.dataBucket, { system, rules, month });
    if (!(await this.#objects.head(pointer)))
      return { month: found, dataset: null, report: null, preview: [], qualityPage: null };
    const dataset = await this.#json<MonthDataset>(pointer);
    const quality = dataset.quality?.uri;
    return {
      month: found,
      dataset,
      report: quality ? await this.json(quality) : null,
      preview: await this.#hours(dataset.ref.uri),
      qualityPage: quality ? quality.replace(/\.json$/, '.html') : null,
    };
  }

  /** Returns the hours of a month. Months of version 0.2 have the first 48 until their next ingest. */
  async #hours(monthUri: string): Promise<Record<string, unknown>[]> {
    for (const uri of [monthHoursUri(monthUri), monthPreviewUri(monthUri)])
      if (await this.#objects.head(uri)) return this.#json(uri);
    return [];
  }
}

function emptyMonth(
  systemAndRules: string,
  month: string,
  state: MonthBody['state'],
  files: string[],
): MonthBody {
  const [system, rules] = systemAndRules.split('/') as [string, string];
  return { system, rules, month, state, hours: null, trips: null, quality: null, digest: null, files };
}

/** Lists the missing months between the first and the last month of each system and rule set. */
function gaps(months: readonly MonthBody[]): MonthBody[] {
  const groups = Map.groupBy(months, ({ system, rules }) => `${system}/${rules}`);
  return [...groups].flatMap(([group, known]) => {
    const there = new Set(known.map(({ month }) => month));
    const all = [...there].sort();
    const missing: MonthBody[] = [];
    for (let month = all[0]!; month < all.at(-1)!; month = addMonths(month, 1))
      if (!there.has(month)) missing.push(emptyMonth(group, month, 'missing', []));
    return missing;
  });
}

/** Works on all items, at most `atOnce` at the same time. */
export async function inTurns<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const take = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) results[i] = await work(items[i]!);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, take));
  return results;
}
