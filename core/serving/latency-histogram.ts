/** Times counted in buckets that grow by a quarter of an octave, so that counts of many processes add up and a percentile is right within 19 %. */

/** Upper bound of the first bucket in milliseconds; a single row is computed in about as much. */
const FIRST_MS = 0.01;
const STEPS_AN_OCTAVE = 4;
/** The last bucket takes everything from about 8 s up. */
export const LATENCY_BUCKETS = 80;

export function latencyBucket(ms: number): number {
  if (!(ms > FIRST_MS)) return 0;
  return Math.min(LATENCY_BUCKETS - 1, Math.ceil(Math.log2(ms / FIRST_MS) * STEPS_AN_OCTAVE));
}

/** Upper bound of a bucket in milliseconds. */
function upperBound(bucket: number): number {
  return FIRST_MS * 2 ** (bucket / STEPS_AN_OCTAVE);
}

/** The smallest bound that at least this share of the times lies below, in milliseconds; null without times. */
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
