import { expect, it } from 'vitest';
import { LATENCY_BUCKETS, latencyBucket, latencyQuantile } from '../../../core/serving/latency-histogram.ts';

const counted = (times: readonly number[]): number[] => {
  const counts = Array<number>(LATENCY_BUCKETS).fill(0);
  for (const ms of times) counts[latencyBucket(ms)]! += 1;
  return counts;
};

it('gives a percentile that is at most 19 % above the true one, from microseconds to seconds', () => {
  for (const scale of [0.02, 1, 50]) {
    const times = Array.from({ length: 100 }, (_, i) => (i + 1) * scale);
    const p95 = latencyQuantile(counted(times), 0.95)!;
    expect(p95).toBeGreaterThanOrEqual(95 * scale * 0.999);
    expect(p95).toBeLessThanOrEqual(95 * scale * 1.19);
  }
});

it('counts any value, and has no percentile without values', () => {
  expect([0, -1, Number.NaN, 0.01].map(latencyBucket)).toEqual([0, 0, 0, 0]);
  expect(latencyBucket(1e9)).toBe(LATENCY_BUCKETS - 1);
  expect(latencyQuantile(counted([]), 0.95)).toBeNull();
});
