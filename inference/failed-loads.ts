import { CitibikeError, messageOf } from '../contracts/errors.ts';

export interface LoadFailure {
  readonly version: string;
  readonly message: string;
  readonly at: string;
}

interface FailedLoad extends LoadFailure {
  /** True if the version itself is at fault. Otherwise an upstream failed, and the rollout is not told. */
  readonly permanent: boolean;
  readonly attempts: number;
  readonly retryMs: number;
  readonly retryAt: number;
}

const LONGEST_RETRY_MS = 30_000;

/**
 * Remembers the versions that could not be loaded. Each is retried after 1 s, 2 s, 4 s and so on, also if the version is at fault,
 * because its files may be repaired.
 */
export class FailedLoads {
  readonly #byVersion = new Map<string, FailedLoad>();
  #last: LoadFailure | undefined;

  /** The last failure, until its version is loaded. */
  get last(): LoadFailure | undefined {
    return this.#last;
  }

  /** The newest failure of a version that is itself at fault. */
  get permanent(): LoadFailure | undefined {
    return [...this.#byVersion.values()].filter(({ permanent }) => permanent).at(-1);
  }

  mustWait(version: string): boolean {
    return Date.now() < (this.#byVersion.get(version)?.retryAt ?? 0);
  }

  add(version: string, error: unknown): FailedLoad {
    const attempts = (this.#byVersion.get(version)?.attempts ?? 0) + 1;
    const retryMs = Math.min(LONGEST_RETRY_MS, 1_000 * 2 ** (attempts - 1));
    const now = Date.now();
    this.#last = { version, message: messageOf(error), at: new Date(now).toISOString() };
    const permanent = !(error instanceof CitibikeError && error.retryable);
    const failed = { ...this.#last, permanent, attempts, retryMs, retryAt: now + retryMs };
    this.#byVersion.set(version, failed);
    return failed;
  }

  succeeded(version: string): void {
    this.#byVersion.delete(version);
    if (this.#last?.version === version) this.#last = undefined;
  }

  /** Forgets the failures of all other versions. */
  keepOnly(versions: readonly (string | null | undefined)[]): void {
    for (const version of this.#byVersion.keys())
      if (!versions.includes(version)) this.#byVersion.delete(version);
  }
}
