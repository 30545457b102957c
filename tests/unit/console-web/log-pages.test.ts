import { expect, it } from 'vitest';
import {
  isComplete,
  queryOfNewer,
  queryOfOlder,
  withNewer,
  type LogPages,
} from '../../../console/web/src/pages/run/log-pages.ts';

interface Place {
  readonly attempt?: number;
  readonly attempts?: number;
  readonly from?: number;
  readonly more?: number;
}

const page = (text: string, { attempt = 1, attempts = attempt, from = 0, more = 0 }: Place = {}) => ({
  ...{ attempt, attempts, from, text },
  to: from + text.length,
  bytes: from + text.length + more,
});

it('reads on from the last line, then the next attempt, and back to the first attempt', () => {
  const waits: LogPages = [page('', { attempt: 0 })];
  expect([queryOfNewer([]), queryOfNewer(waits), queryOfOlder(waits)]).toEqual([{}, {}, undefined]);

  const second = withNewer(waits, page('b\n', { attempt: 2, from: 10 }));
  expect(queryOfNewer(second)).toEqual({ attempt: 2, from: 12 });
  expect(queryOfOlder(second)).toEqual({ attempt: 2, before: 10 });
  expect(queryOfOlder([page('a\n', { attempt: 2 }), ...second])).toEqual({ attempt: 1 });
  expect(queryOfOlder([page('a\n')])).toBeUndefined();

  const retried = withNewer(second, page('c\n', { attempt: 2, attempts: 3, from: 12 }));
  expect(retried).toHaveLength(1);
  expect(queryOfNewer(retried)).toEqual({ attempt: 3, from: 0 });
  expect([isComplete(second), isComplete(retried)]).toEqual([true, false]);
  expect(isComplete(withNewer(second, page('d\n', { attempt: 2, from: 12, more: 5 })))).toBe(false);
});

it('drops the oldest lines of a growing log, and can read them again', () => {
  const line = `${'x'.repeat(59_999)}\n`;
  let pages: LogPages = [];
  for (let i = 0; i < 20; i += 1) pages = withNewer(pages, page(line, { from: i * 60_000 }));
  expect(pages.map(({ text }) => text).join('').length).toBe(480_000);
  expect(queryOfOlder(pages)).toEqual({ attempt: 1, before: 720_000 });
  expect(queryOfNewer(pages)).toEqual({ attempt: 1, from: 1_200_000 });
});
