/** Generates seeded random numbers, so that a training can be reproduced bit for bit. */

/** Returns uniform numbers in [0, 1). */
export type Random = () => number;

/**
 * Returns a Mulberry32 generator (Tommy Ettinger, public domain). It has 32 bits of state and passes gjrand, which suffices for
 * initial weights and shuffles.
 * @param seeds are mixed into one. (seed, epoch) gives each epoch its own stream, so a resumed training needs no saved state.
 */
export function seededRandom(...seeds: readonly number[]): Random {
  let state = 0x9e3779b9;
  for (const seed of seeds) state = mix((state ^ (seed | 0)) + 0x6d2b79f5);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    return (mix(state) >>> 0) / 2 ** 32;
  };
}

function mix(state: number): number {
  let t = state | 0;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return t ^ (t >>> 14);
}

/** Returns 0..length−1 in random order (Fisher–Yates). */
export function shuffledIndices(length: number, random: Random): Int32Array {
  const indices = Int32Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [indices[i], indices[j]] = [indices[j]!, indices[i]!];
  }
  return indices;
}
