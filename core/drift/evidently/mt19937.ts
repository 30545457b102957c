/**
 * Implements NumPy's legacy generator, so that permutation tests draw the same permutations as Evidently with `np.random.seed(seed)`.
 * Source: Matsumoto & Nishimura 1998; seeding by Knuth's recurrence, like `RandomState.seed` for an integer.
 */

const SIZE = 624;
const SHIFT = 397;

export class Mt19937 {
  readonly #state = new Uint32Array(SIZE);
  #next = SIZE;

  /** @param seed a 32-bit integer. */
  constructor(seed: number) {
    const state = this.#state;
    state[0] = seed;
    for (let i = 1; i < SIZE; i++) {
      const last = state[i - 1]!;
      state[i] = Math.imul(1_812_433_253, last ^ (last >>> 30)) + i;
    }
  }

  /** Returns a uniform integer in 0 … 2³² − 1. */
  uint32(): number {
    if (this.#next === SIZE) this.#twist();
    let y = this.#state[this.#next++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c_5680;
    y ^= (y << 15) & 0xefc6_0000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** Returns a uniform integer in 0 … most, by masking and rejection like NumPy's `random_interval`. */
  upTo(most: number): number {
    const mask = 2 ** (32 - Math.clz32(most)) - 1;
    let value = (this.uint32() & mask) >>> 0;
    while (value > most) value = (this.uint32() & mask) >>> 0;
    return value;
  }

  /** Shuffles in place, with the order of draws of `RandomState.shuffle`. `permutation(n)` shuffles 0 … n − 1. */
  shuffle(values: Int32Array): void {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.upTo(i);
      const held = values[i]!;
      values[i] = values[j]!;
      values[j] = held;
    }
  }

  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < SIZE; i++) {
      const y = (state[i]! & 0x8000_0000) | (state[(i + 1) % SIZE]! & 0x7fff_ffff);
      state[i] = state[(i + SHIFT) % SIZE]! ^ (y >>> 1) ^ (y & 1 ? 0x9908_b0df : 0);
    }
    this.#next = 0;
  }
}
