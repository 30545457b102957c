import { describe, expect, test } from 'vitest';
import { StaleQueries } from '../../../console/web/src/api/live.ts';
import { ApiProblem } from '../../../console/web/src/api/problem.ts';
import { refetchAfter } from '../../../console/web/src/api/refetch-interval.ts';

describe('the time until a page asks again', () => {
  const after = (data: unknown, error: Error | null = null) =>
    refetchAfter(30_000)({ state: { data, error } });
  const answer = (state: 'up' | 'down') => ({ data: null, upstreams: { temporal: { state } } });

  test('is the usual one while all servers answer', () => {
    expect(after(answer('up'))).toBe(30_000);
    expect(after(undefined)).toBe(30_000);
    expect(after({ pages: [answer('up')], pageParams: [] })).toBe(30_000);
  });

  test('is short after an answer without a server', () => {
    expect(after(answer('down'))).toBe(3_000);
    expect(after({ pages: [answer('up'), answer('down')], pageParams: [] })).toBe(3_000);
  });

  test('is short after a request that may succeed the next time, not after a wrong one', () => {
    expect(after(undefined, new ApiProblem(503, 'busy'))).toBe(3_000);
    expect(after(undefined, new ApiProblem(0, 'no answer'))).toBe(3_000);
    expect(after(undefined, new ApiProblem(404, 'no such schedule'))).toBe(30_000);
  });
});

test('events never cancel the refetch that an earlier event began, and are followed by one more', async () => {
  const answers: (() => void)[] = [];
  const stale = new StaleQueries({
    invalidateQueries: () => new Promise<void>((resolve) => answers.push(resolve)),
  });
  const begun = () => answers.length;
  const answered = async (index: number) => {
    answers[index]!();
    await new Promise((resolve) => setImmediate(resolve));
  };
  // The event concerns three keys of queries.
  stale.mark({ event: 'progress', data: '' });
  expect(begun()).toBe(3);
  stale.mark({ event: 'progress', data: '' });
  stale.mark({ event: 'progress', data: '' });
  expect(begun()).toBe(3);
  await answered(0);
  expect(begun()).toBe(4);
  await answered(3);
  expect(begun()).toBe(4);
});
