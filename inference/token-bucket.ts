/** Implements a token bucket that refills by `perSecond` tokens and holds as many, but at least one. */
export class TokenBucket {
  readonly #perSecond: number;
  #tokens: number;
  #at: number;

  constructor(perSecond: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#tokens = Math.max(1, perSecond);
    this.#at = nowMs;
  }

  /**
   * Takes a token if one is available.
   * @returns 0, or the seconds until the next token.
   */
  take(nowMs: number): number {
    const filled = this.#tokens + ((nowMs - this.#at) / 1_000) * this.#perSecond;
    this.#tokens = Math.min(Math.max(1, this.#perSecond), filled);
    this.#at = nowMs;
    if (this.#tokens < 1) return (1 - this.#tokens) / this.#perSecond;
    this.#tokens -= 1;
    return 0;
  }
}
