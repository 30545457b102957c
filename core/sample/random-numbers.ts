/** Generates seeded random numbers with mulberry32 (Tommy Ettinger, public domain), which suffices for synthetic data. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** Returns an integer with 0 <= x < 2^32. */
  uint32(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** Returns a number with 0 <= x < 1. */
  uniform(): number {
    return this.uint32() / 2 ** 32;
  }

  /** Returns an integer with 0 <= n < count. */
  below(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** Returns a standard normal number by the Box–Muller transform. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Rounds `mean` up or down at random, so that `mean` is the expected value. */
  round(mean: number): number {
    return Math.floor(mean + this.uniform());
  }
}

/** Derives the seed of a named stream by FNV-1a over the name, so that streams are independent of each other. */
export function seedOf(seed: number, part: string): number {
  let hash = 0x811c9dc5 ^ seed;
  for (const character of part) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  return hash >>> 0;
}
