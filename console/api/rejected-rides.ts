/** Counts the rejected rides of data sets from the quality reports of their months. */
import type { DatasetManifest } from '../../contracts/frame.ts';
import type { ArchiveFacts } from '../../contracts/hours.ts';
import { inParallel } from '../../contracts/in-parallel.ts';
import { Cache } from './upstreams/cache.ts';
import type { StorageSource } from './upstreams/storage.ts';

/** Limits the number of reports that the page of a run waits for: ten years. */
const MOST_REPORTS = 120;
const READS_AT_ONCE = 16;

interface RideCounts {
  readonly rows: number;
  readonly rejected: number;
}

interface MonthReport {
  readonly measures?: { readonly archives?: Pick<ArchiveFacts, 'rows' | 'rejected'> | null };
}

export class RejectedRides {
  readonly #storage: Pick<StorageSource, 'json'>;
  /** Keeps counts by the address of the data set, which depends on its content. */
  readonly #counts = new Cache<RideCounts | null>(Infinity, 100);

  constructor(storage: Pick<StorageSource, 'json'>) {
    this.#storage = storage;
  }

  /** Returns null if a month has no archive, or if there are too many months. */
  async of(datasetUri: string): Promise<RideCounts | null> {
    return this.#counts.get(datasetUri, () => this.#count(datasetUri));
  }

  async #count(datasetUri: string): Promise<RideCounts | null> {
    const { months } = (await this.#storage.json(datasetUri)) as DatasetManifest;
    const uris = months.flatMap(({ quality }) => (quality ? [quality.uri] : []));
    if (uris.length < months.length || uris.length > MOST_REPORTS) return null;
    const reports = await inParallel(
      uris,
      READS_AT_ONCE,
      (uri) => this.#storage.json(uri) as Promise<MonthReport>,
    );
    let [rows, rejected] = [0, 0];
    for (const { measures } of reports) {
      if (!measures?.archives) return null;
      rows += measures.archives.rows;
      for (const count of Object.values(measures.archives.rejected)) rejected += count;
    }
    return { rows, rejected };
  }
}
