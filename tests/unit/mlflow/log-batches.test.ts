import { describe, expect, it } from 'vitest';
import { batchesOf, type Metric } from '../../../adapters/mlflow/log-batches.ts';

const metric = (i: number): Metric => ({ key: 'loss', value: i, timestamp: i, step: i });

describe('batches for log-batch', () => {
  it('cuts 2,001 metrics, 101 params and 100 tags at the limits of the API', () => {
    const pairs = (n: number) => Array.from({ length: n }, (_, i) => ({ key: `k${i}`, value: 'v' }));
    const batches = batchesOf({
      metrics: Array.from({ length: 2001 }, (_, i) => metric(i)),
      params: pairs(101),
      tags: pairs(100),
    });
    expect(batches.map((b) => [b.metrics.length, b.params.length, b.tags.length])).toEqual([
      [0, 100, 0],
      [0, 1, 0],
      [0, 0, 100],
      [1000, 0, 0],
      [1000, 0, 0],
      [1, 0, 0],
    ]);
  });

  it('keeps every body under 1 MB when values are long', () => {
    const params = Array.from({ length: 90 }, (_, i) => ({ key: `k${i}`, value: 'é'.repeat(10_000) }));
    const batches = batchesOf({ params });
    expect(batches.length).toBe(2);
    for (const batch of batches) {
      expect(Buffer.byteLength(JSON.stringify({ run_id: 'r'.repeat(32), ...batch }))).toBeLessThan(1_000_000);
    }
  });

  it('uses one call if everything fits', () => {
    const pair = { key: 'k', value: 'v' };
    expect(batchesOf({ metrics: [metric(1)], params: [pair], tags: [pair] })).toEqual([
      { metrics: [metric(1)], params: [pair], tags: [pair] },
    ]);
  });

  it('keeps the order of metrics', () => {
    const steps = batchesOf({ metrics: Array.from({ length: 1500 }, (_, i) => metric(i)) })
      .flatMap((batch) => batch.metrics)
      .map(({ step }) => step);
    expect(steps).toEqual(Array.from({ length: 1500 }, (_, i) => i));
  });

  it('rejects a metric that JSON cannot represent, by its name and step', () => {
    expect(() => batchesOf({ metrics: [{ ...metric(3), value: Number.NaN }] })).toThrow(
      'metric loss at step 3: got NaN, expected a finite number',
    );
  });

  it('makes no call without data', () => {
    expect(batchesOf({})).toEqual([]);
  });
});
