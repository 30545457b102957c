/** Wrong tokens by address of the caller: after a few, each further one has to wait. */
const FREE_ATTEMPTS = 10;
const WINDOW_MS = 60_000;
/** Addresses remembered; the oldest goes first. */
const MOST_ADDRESSES = 10_000;

interface Attempts {
  count: number;
  until: number;
}

export class FailedAttempts {
  readonly #byAddress = new Map<string, Attempts>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  failed(address: string): void {
    const known = this.#byAddress.get(address);
    this.#byAddress.delete(address);
    const count = known && this.#now() < known.until ? known.count + 1 : 1;
    this.#byAddress.set(address, { count, until: this.#now() + WINDOW_MS });
    if (this.#byAddress.size > MOST_ADDRESSES) {
      const [oldest] = this.#byAddress.keys();
      if (oldest !== undefined) this.#byAddress.delete(oldest);
    }
  }

  /** 0 while there are free attempts. */
  secondsToWait(address: string): number {
    const known = this.#byAddress.get(address);
    if (!known || known.count < FREE_ATTEMPTS) return 0;
    return Math.max(0, Math.ceil((known.until - this.#now()) / 1000));
  }
}
