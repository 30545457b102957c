/** A bucket that fills with `perSecond` tokens a second and holds as many, at least one. */
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
