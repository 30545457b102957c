import { describe, expect, it } from 'vitest';
import type { CanaryFigures, VersionFigures } from '../../../contracts/traffic.ts';
import { decideCanary } from '../../../core/promotion/canary-decision.ts';

const LIMITS = { minRequests: 100, maxErrorRate: 0.01, maxLatencyRatio: 2, maxDisagreement: 0.5 };
const version = (of: string, more: Partial<VersionFigures> = {}): VersionFigures => ({
  version: of,
  requests: 1_000,
  errors: 0,
  p95Ms: 1,
  ...more,
});
const judge = (
  candidate: Partial<VersionFigures>,
  {
    last = true,
    served = {},
    ...more
  }: Partial<Omit<CanaryFigures, 'served'>> & {
    last?: boolean;
    served?: Partial<VersionFigures>;
  } = {},
) =>
  decideCanary(
    {
      candidate: version('2', candidate),
      served: version('1', served),
      disagreement: 0.1,
      comparedRows: 2_000,
      ...more,
    },
    LIMITS,
    last,
  );

describe('a canary', () => {
  it('within its limits continues until its time is up, and then passes', () => {
    expect(judge({}, { last: false }).decision).toBe('continue');
    expect(judge({})).toMatchObject({
      decision: 'passed',
      reason:
        'version 2: 0 of 1000 requests failed, 95th percentile 1.0 ms; version 1: 0 of 1000, 1.0 ms; mean difference 10.0 % over 2000 rows',
    });
  });

  it('is not judged on too few requests of either version, and does not pass with them', () => {
    expect(judge({ requests: 99, errors: 99 }, { last: false }).decision).toBe('continue');
    expect(judge({ requests: 99 })).toMatchObject({
      decision: 'failed',
      reason: expect.stringContaining('fewer than minRequests (100)') as string,
    });
    expect(judge({}, { served: { requests: 99 } }).decision).toBe('failed');
    expect(judge({ requests: 100 }).decision).toBe('passed');
  });

  it('fails at once when more requests fail than of the served version and the limit on top', () => {
    expect(judge({ errors: 10 }, { last: false }).decision).toBe('continue');
    expect(judge({ errors: 11 }, { last: false }).decision).toBe('failed');
    expect(judge({ errors: 11 }, { served: { errors: 1 } }).decision).toBe('passed');
  });

  it('fails when it takes over twice as long plus a millisecond', () => {
    expect(judge({ p95Ms: 2.1 }).decision).toBe('failed');
    expect(judge({ p95Ms: 2 }).decision).toBe('passed');
    expect(judge({ p95Ms: 0.9 }, { served: { p95Ms: 0.01 } }).decision).toBe('passed');
  });

  it('fails when it differs too much, but not without a comparison', () => {
    expect(judge({}, { disagreement: 0.51 }).reason).toBe(
      'version 2 differs from version 1 by 51.0 % on average over 2000 rows: this exceeds maxDisagreement (50.0 %)',
    );
    expect(judge({}, { disagreement: null, comparedRows: 0 }).decision).toBe('passed');
  });
});
