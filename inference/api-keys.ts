/**
 * Keys that callers show, from a file of one a line: `NAME:SHA-256[:REQUESTS A SECOND]`. Keys are long random texts
 * (`openssl rand -hex 32`), so that their plain SHA-256 (`printf %s KEY | sha256sum`) gives nothing away.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { CitibikeError } from '../contracts/errors.ts';

const LINE = /^([A-Za-z0-9][A-Za-z0-9._-]{0,63}):([0-9a-f]{64})(?::([1-9]\d{0,6}))?$/;

export interface ApiKey {
  readonly name: string;
  /** SHA-256 of the key. */
  readonly hash: Buffer;
  /** Undefined: as many as it likes. */
  readonly requestsPerSecond: number | undefined;
}

/**
 * Empty lines and those that start with # are none.
 * @throws CitibikeError BAD_SETTING naming the line, and never what stands in it.
 */
export function parseApiKeys(text: string, file: string): ApiKey[] {
  const keys = text.split(/\r?\n/).flatMap((raw, index): ApiKey[] => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return [];
    const [, name, hash, limit] = LINE.exec(line) ?? [];
    if (name === undefined || hash === undefined) {
      throw new CitibikeError(
        'BAD_SETTING',
        `INFERENCE_API_KEYS_FILE: ${file}, line ${index + 1}: expected NAME:SHA256[:REQUESTS A SECOND], the hash as 64 hex digits in lower case`,
        { file, line: index + 1 },
      );
    }
    const requestsPerSecond = limit === undefined ? undefined : Number(limit);
    return [{ name, hash: Buffer.from(hash, 'hex'), requestsPerSecond }];
  });
  if (keys.length > 0) return keys;
  throw new CitibikeError('BAD_SETTING', `INFERENCE_API_KEYS_FILE: ${file} holds no key`, { file });
}

/** The key that was shown, in a time that does not tell which keys are like it. */
export function findApiKey(keys: readonly ApiKey[], shown: string): ApiKey | undefined {
  const hash = createHash('sha256').update(shown).digest();
  let found: ApiKey | undefined;
  for (const key of keys) if (timingSafeEqual(key.hash, hash)) found = key;
  return found;
}

/** A bucket that fills with `perSecond` tokens a second and holds as many. */
export class TokenBucket {
  readonly #perSecond: number;
  #tokens: number;
  #at: number;

  constructor(perSecond: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#tokens = Math.max(1, perSecond);
    this.#at = nowMs;
  }

  /** Takes a token where there is one. @returns 0, or the seconds until there is. */
  take(nowMs: number): number {
    const filled = this.#tokens + ((nowMs - this.#at) / 1_000) * this.#perSecond;
    this.#tokens = Math.min(Math.max(1, this.#perSecond), filled);
    this.#at = nowMs;
    if (this.#tokens < 1) return (1 - this.#tokens) / this.#perSecond;
    this.#tokens -= 1;
    return 0;
  }
}
