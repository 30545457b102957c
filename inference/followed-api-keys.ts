/** The keys of a file that may change while the service runs: a revoked key is rejected within seconds, without a restart. */
import { stat } from 'node:fs/promises';
import { readApiKeys, type ApiKey } from '../adapters/api-keys/api-key-file.ts';
import { CitibikeError } from '../contracts/errors.ts';

const LOOK_MS = 1_000;

interface Log {
  info(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

export class FollowedApiKeys {
  /** Replaced as a whole when the file changes. Empty after the last key was revoked: then nobody is let in. */
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

  /** @throws CitibikeError BAD_SETTING for a file that cannot be read, has a wrong line, or holds no key. */
  static async open(file: string, log: Log): Promise<FollowedApiKeys> {
    const seen = await markOf(file);
    const keys = await readApiKeys(file);
    if (keys.length === 0) {
      throw new CitibikeError(
        'BAD_SETTING',
        `INFERENCE_API_KEYS_FILE: ${file} holds no key; make one with citibike api-key create NAME, or unset it to ask for none`,
        { file },
      );
    }
    return new FollowedApiKeys(file, log, keys, seen);
  }

  /** Looks at the file every second for as long as the process runs. */
  follow(): void {
    setInterval(() => void this.refresh(), LOOK_MS).unref();
  }

  /** Reads the file again where it changed. One that is broken or gone leaves the keys as they are. */
  async refresh(): Promise<void> {
    const mark = await markOf(this.#file);
    if (mark === this.#seen) return;
    this.#seen = mark;
    try {
      this.keys = await readApiKeys(this.#file);
      this.#log.info({ keys: this.keys.length }, 'API keys read again');
    } catch (error) {
      this.#log.error({ err: error }, 'API keys cannot be read; the last good ones stay in use');
    }
  }
}

/** Changes whenever the file does. */
async function markOf(file: string): Promise<string> {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await stat(file);
    return [ino, size, mtimeMs, ctimeMs].join();
  } catch {
    return 'not there';
  }
}
