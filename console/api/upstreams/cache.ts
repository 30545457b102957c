/** Caches answers for a bounded time. Concurrent callers with the same key share one call. */
interface Entry<T> {
  readonly value: Promise<T>;
  readonly until: number;
  /** The next answer, which is being fetched while the current one is still served. */
  next?: Promise<T>;
}

export class Cache<T> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #ttlMs: number;
  readonly #capacity: number;
  readonly #staleMs: number;

  /**
   * Creates a cache.
   * @param ttlMs maximum age of an answer; `Infinity` for answers that never change.
   * @param staleMs time after `ttlMs` during which the old answer is served while a new one is fetched.
   */
  constructor(ttlMs: number, capacity = 200, staleMs = 0) {
    this.#ttlMs = ttlMs;
    this.#capacity = capacity;
    this.#staleMs = staleMs;
  }

  async get(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.#entries.get(key);
    // The Map keeps insertion order, so the oldest entry comes first and is evicted first.
    this.#entries.delete(key);
    if (known && Date.now() < known.until) {
      this.#entries.set(key, known);
      return known.value;
    }
    if (known && Date.now() < known.until + this.#staleMs) {
      this.#entries.set(key, known);
      known.next ??= make().then(
        (value) => {
          if (this.#entries.get(key) === known) void this.#keep(key, Promise.resolve(value));
          return value;
        },
        (error: unknown) => {
          delete known.next;
          throw error;
        },
      );
      known.next.catch(() => undefined);
      return known.value;
    }
    return this.#keep(key, make());
  }

  #keep(key: string, value: Promise<T>): Promise<T> {
    this.#entries.delete(key);
    const entry: Entry<T> = { value, until: Date.now() + this.#ttlMs };
    this.#entries.set(key, entry);
    if (this.#entries.size > this.#capacity) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    // Failures are not cached.
    value.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    });
    return value;
  }

  clear(): void {
    this.#entries.clear();
  }
}
