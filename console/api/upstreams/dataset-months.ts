/** Lists the months of data in S3: what was fetched, rejected, processed, or is missing. */
import { addMonths } from '../../../contracts/calendar.ts';
import { CitibikeError } from '../../../contracts/errors.ts';
import type { MonthDataset } from '../../../contracts/frame.ts';
import { monthDatasetUri, monthHoursUri, monthPreviewUri } from '../../../contracts/hours.ts';
import { inParallel } from '../../../contracts/in-parallel.ts';
import type { MonthBody } from '../schemas/data.ts';
import { Cache } from './cache.ts';
import type { StorageSource } from './storage.ts';

const READS_AT_ONCE = 16;

/** Matches the month in raw names, such as `202401-tripdata.csv.zip`. Archives of several months have none. */
const MONTH_IN_NAME = /(?:^|\D)(\d{4})-?(0[1-9]|1[0-2])(?!\d)/;

export class DatasetMonths {
  readonly #storage: StorageSource;
  readonly #all = new Cache<MonthBody[]>(10_000, 1, 50_000);
  /** Pointers by address and ETag, which are never out of date. */
  readonly #pointers = new Cache<MonthDataset>(Infinity, 2_000);
  /** Results of reports, which are keyed by content. */
  readonly #results = new Cache<MonthBody['quality']>(Infinity, 2_000);

  constructor(storage: StorageSource) {
    this.#storage = storage;
  }

  /** Lists every known month of every system, and the gaps between them. */
  all(): Promise<MonthBody[]> {
    return this.#all.get('all', () => this.#readAll());
  }

  async #readAll(): Promise<MonthBody[]> {
    const data = this.#storage.dataBucket;
    const [pointers, raw, refused] = await Promise.all([
      this.#pointerFiles(`s3://${data}/datasets/months/`),
      this.#filesByMonth(`s3://${data}/raw/tripdata/`),
      this.#filesByMonth(`s3://${data}/quarantine/`),
    ]);
    const months = new Map<string, MonthBody>();
    for (const month of await inParallel(pointers, READS_AT_ONCE, (pointer) => this.#processed(pointer, raw)))
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
    for await (const { uri, etag } of this.#storage.list(prefix))
      if (uri.endsWith('/current.json')) found.push({ uri, etag });
    return found;
  }

  /** Maps `{system}/{YYYY-MM}` to addresses. */
  async #filesByMonth(prefix: string): Promise<Map<string, string[]>> {
    const byMonth = new Map<string, string[]>();
    for await (const { uri } of this.#storage.list(prefix)) {
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
      this.#pointers.get(`${pointer.uri} ${pointer.etag}`, () =>
        this.#storage.readJson<MonthDataset>(pointer.uri),
      ),
    );
    if (dataset === null) return emptyMonth(`${system}/${rules}`, month, 'processed', files);
    return {
      system,
      rules: dataset.rules,
      month: dataset.month,
      state: dataset.provisional ? 'provisional' : 'processed',
      hours: dataset.hours,
      trips: dataset.trips,
      quality: dataset.quality ? await this.#readable(this.#resultOf(dataset.quality.uri)) : null,
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

  async #resultOf(uri: string): Promise<MonthBody['quality']> {
    return this.#results.get(uri, async () => {
      const { verdict } = await this.#storage.readJson<{ verdict?: MonthBody['quality'] }>(uri);
      return verdict ?? null;
    });
  }

  /**
   * Returns a month.
   * @throws CitibikeError SOURCE_NOT_FOUND if it was never processed.
   */
  async one(system: string, rules: string, month: string) {
    const found = (await this.all()).find(
      (each) => each.system === system && each.rules === rules && each.month === month,
    );
    if (!found) throw new CitibikeError('SOURCE_NOT_FOUND', `S3 has no ${month} of ${system} (${rules})`);
    const pointer = monthDatasetUri(this.#storage.dataBucket, { system, rules, month });
    if (!(await this.#storage.exists(pointer)))
      return { month: found, dataset: null, report: null, preview: [], qualityPage: null };
    const dataset = await this.#storage.readJson<MonthDataset>(pointer);
    const quality = dataset.quality?.uri;
    return {
      month: found,
      dataset,
      report: quality ? await this.#storage.json(quality) : null,
      preview: await this.#hours(dataset.ref.uri),
      qualityPage: quality ? quality.replace(/\.json$/, '.html') : null,
    };
  }

  /** Returns the hours of a month. Months of version 0.2 have the first 48 until their next ingest. */
  async #hours(monthUri: string): Promise<Record<string, unknown>[]> {
    for (const uri of [monthHoursUri(monthUri), monthPreviewUri(monthUri)])
      if (await this.#storage.exists(uri)) return this.#storage.readJson(uri);
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
