/** Counts latencies in buckets that grow by a quarter of an octave. Counts of processes can be added; a percentile is exact to 19 %. */

/** Is the upper bound of the first bucket in milliseconds, which is about the time to compute one row. */
const FIRST_MS = 0.01;
const STEPS_AN_OCTAVE = 4;
/** The last bucket counts everything above about 8 s. */
export const LATENCY_BUCKETS = 80;

export function latencyBucket(ms: number): number {
  if (!(ms > FIRST_MS)) return 0;
  return Math.min(LATENCY_BUCKETS - 1, Math.ceil(Math.log2(ms / FIRST_MS) * STEPS_AN_OCTAVE));
}

/** Returns the upper bound of a bucket in milliseconds. */
function upperBound(bucket: number): number {
  return FIRST_MS * 2 ** (bucket / STEPS_AN_OCTAVE);
}

/** Returns the smallest bound, in milliseconds, that at least this share of the times does not exceed; null without times. */
export function latencyQuantile(counts: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let seen = 0;
  for (const [bucket, count] of counts.entries()) {
    seen += count;
    if (seen >= share * total) return upperBound(bucket);
  }
  return upperBound(counts.length - 1);
}
