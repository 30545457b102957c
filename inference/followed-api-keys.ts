/**
 * Reloads the API keys when their file changes, so that a revoked key is rejected within seconds, without a
 * restart.
 */
import { stat } from 'node:fs/promises';
import { readApiKeys, type ApiKey } from '../adapters/api-keys/api-key-file.ts';
import { CitibikeError } from '../contracts/errors.ts';

const LOOK_MS = 1_000;

interface Log {
  info(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

export class FollowedApiKeys {
  /**
   * Current keys, replaced as a whole when the file changes. If the last key is revoked, the list is empty
   * and all callers are rejected.
   */
  keys: readonly ApiKey[];
  readonly #file: string;
  readonly #log: Log;
  #seen: string;

  private constructor(file: string, log: Log, keys: readonly ApiKey[], seen: string) {
    this.#file = file;
    this.#log = log;
    this.keys = keys;
    this.#seen = seen;
  }

  /**
   * Opens the file.
   * @throws CitibikeError BAD_SETTING if the file cannot be read, has an invalid line, or contains no key.
   */
  static async open(file: string, log: Log): Promise<FollowedApiKeys> {
    const seen = await markOf(file);
    const keys = await readApiKeys(file);
    if (keys.length === 0) {
      throw new CitibikeError(
        'BAD_SETTING',
        `INFERENCE_API_KEYS_FILE: ${file} contains no key; create one with citibike api-key create NAME, or unset the setting to require none`,
        { file },
      );
    }
    return new FollowedApiKeys(file, log, keys, seen);
  }

  /** Checks the file every second until the process exits. */
  follow(): void {
    setInterval(() => void this.refresh(), LOOK_MS).unref();
  }

  /** Reloads the file if it changed. If it is missing or invalid, the current keys stay in use. */
  async refresh(): Promise<void> {
    const mark = await markOf(this.#file);
    if (mark === this.#seen) return;
    this.#seen = mark;
    try {
      this.keys = await readApiKeys(this.#file);
      this.#log.info({ keys: this.keys.length }, 'API keys reloaded');
    } catch (error) {
      this.#log.error({ err: error }, 'API keys cannot be read; the last valid ones stay in use');
    }
  }
}

/** Returns a fingerprint that changes whenever the file does. */
async function markOf(file: string): Promise<string> {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await stat(file);
    return [ino, size, mtimeMs, ctimeMs].join();
  } catch {
    return 'not there';
  }
}
