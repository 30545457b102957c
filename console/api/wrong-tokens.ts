/**
 * Delays answers to wrong tokens per address: after a few, each further answer takes longer. Valid tokens are
 * never delayed, because only answers to wrong ones wait.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { networkOf } from '../../adapters/fastify/network-of.ts';

const FREE_ATTEMPTS = 5;
const FIRST_DELAY_MS = 100;
const MOST_DELAY_MS = 2_000;
/** Sets the milliseconds without a wrong token after which the count of an address restarts. */
const FORGOTTEN_MS = 60_000;
/** Limits the number of addresses to remember; the least recent one is dropped first. */
const MOST_ADDRESSES = 10_000;
/** Limits the number of answers that wait at once. Further ones are sent immediately, which bounds memory. */
const MOST_WAITING = 200;

interface Attempts {
  readonly count: number;
  readonly at: number;
}

export class WrongTokens {
  readonly #byAddress = new Map<string, Attempts>();
  readonly #now: () => number;
  readonly #sleep: (ms: number) => Promise<unknown>;
  #waiting = 0;

  constructor(now: () => number = Date.now, wait: (ms: number) => Promise<unknown> = (ms) => sleep(ms)) {
    this.#now = now;
    this.#sleep = wait;
  }

  /**
   * Counts a wrong token.
   * @returns milliseconds to delay the answer.
   */
  count(address: string): number {
    const group = networkOf(address);
    const known = this.#byAddress.get(group);
    const at = this.#now();
    const count = known && at - known.at < FORGOTTEN_MS ? known.count + 1 : 1;
    this.#byAddress.delete(group);
    this.#byAddress.set(group, { count, at });
    if (this.#byAddress.size > MOST_ADDRESSES) {
      const [quietest] = this.#byAddress.keys();
      if (quietest !== undefined) this.#byAddress.delete(quietest);
    }
    const doublings = count - FREE_ATTEMPTS - 1;
    return doublings < 0 ? 0 : Math.min(MOST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(doublings, 10));
  }

  /** Counts a wrong token and resolves when it may be answered. */
  async slow(address: string): Promise<void> {
    const ms = this.count(address);
    if (ms === 0 || this.#waiting >= MOST_WAITING) return;
    this.#waiting += 1;
    try {
      await this.#sleep(ms);
    } finally {
      this.#waiting -= 1;
    }
  }

  get addresses(): number {
    return this.#byAddress.size;
  }
}
