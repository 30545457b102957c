/** Stores the checkpoints of one training in S3, under the digest of everything that determines its result. */
import { CitibikeError } from '../../contracts/errors.ts';
import type { ObjectStore } from '../../adapters/s3/object-store.ts';
import type { TrainerCrash } from './trainer-crash.ts';

export interface StoredCheckpoint {
  readonly uri: string;
  readonly epoch: number;
}

/**
 * Stores checkpoints as `checkpoints/{effect}/epoch-{epoch}-attempt-{attempt}.ckpt`, so that a trainer that was thought dead
 * cannot overwrite checkpoints of a newer one. Equal epochs have equal bytes.
 */
export class CheckpointStore {
  readonly #objects: ObjectStore;
  readonly #prefix: string;
  readonly #crashUri: string;
  readonly effectKey: string;

  constructor(objects: ObjectStore, effectKey: string) {
    this.#objects = objects;
    this.effectKey = effectKey;
    this.#prefix = `s3://${objects.buckets.artifacts}/checkpoints/${effectKey}/`;
    this.#crashUri = `${this.#prefix}crash.json`;
  }

  async save(file: string, epoch: number, attempt: number, signal?: AbortSignal): Promise<string> {
    const uri = `${this.#prefix}epoch-${String(epoch).padStart(4, '0')}-attempt-${attempt}.ckpt`;
    await this.#objects.putFile(uri, file, 'application/octet-stream', signal);
    return uri;
  }

  /** Deletes the checkpoints after the model was stored. */
  async clear(): Promise<void> {
    for (const { uri } of await this.newestFirst(null)) await this.#objects.delete(uri);
    await this.forgetCrash();
  }

  /** Returns the crash of the previous attempt, if it crashed. */
  async lastCrash(): Promise<TrainerCrash | undefined> {
    if (!(await this.#objects.head(this.#crashUri))) return undefined;
    return this.#objects.getJson<TrainerCrash>(this.#crashUri);
  }

  async rememberCrash(crash: TrainerCrash): Promise<void> {
    await this.#objects.putJson(this.#crashUri, crash);
  }

  /** Deletes the crash, so that a new start of the training has both tries again. */
  async forgetCrash(): Promise<void> {
    await this.#objects.delete(this.#crashUri);
  }

  /**
   * Returns all checkpoints, newest epoch first.
   * @param known checkpoint of a heartbeat, which a listing might not contain yet.
   */
  async newestFirst(known: string | null): Promise<StoredCheckpoint[]> {
    const uris = new Set<string>();
    for await (const { uri } of this.#objects.list(this.#prefix)) uris.add(uri);
    if (known?.startsWith(this.#prefix)) uris.add(known);
    return [...uris]
      .map((uri) => ({ uri, epoch: Number(/epoch-(\d+)-/.exec(uri)?.[1] ?? Number.NaN) }))
      .filter(({ epoch }) => Number.isInteger(epoch))
      .sort((a, b) => b.epoch - a.epoch);
  }

  /** Downloads a checkpoint. Returns false if it does not exist. */
  async fetch(uri: string, file: string): Promise<boolean> {
    try {
      await this.#objects.getToFile(uri, file);
      return true;
    } catch (error) {
      if (error instanceof CitibikeError && error.code === 'SOURCE_NOT_FOUND') return false;
      throw error;
    }
  }
}
