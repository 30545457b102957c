/** Seeded randomness: mulberry32 (Tommy Ettinger, public domain), small and good enough for made-up data. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 <= x < 2^32, whole. */
  uint32(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** 0 <= x < 1 */
  uniform(): number {
    return this.uint32() / 2 ** 32;
  }

  /** 0 <= n < count, whole. */
  below(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** Standard normal, Box and Muller. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** A whole number whose mean is `mean`, up or down by chance. */
  round(mean: number): number {
    return Math.floor(mean + this.uniform());
  }
}

/** Seed of a part, so that parts do not depend on how much randomness others used. FNV-1a over the name. */
export function seedOf(seed: number, part: string): number {
  let hash = 0x811c9dc5 ^ seed;
  for (const character of part) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  return hash >>> 0;
}
