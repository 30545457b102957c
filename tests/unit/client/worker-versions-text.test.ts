import { expect, test } from 'vitest';
import type { WorkerVersion } from '../../../adapters/temporal/worker-deployments.ts';
import { onlyOne, percentOf } from '../../../client/commands/workers.ts';
import { workerVersionsText } from '../../../client/worker-versions-text.ts';

const none = { percent: null, since: null, pinnedRuns: 0, movingRuns: 0, examples: [] };
const version = (buildId: string, facts: Partial<WorkerVersion>): WorkerVersion => ({
  buildId,
  status: 'inactive',
  ...none,
  ...facts,
});

test('the text shows each version and what to do with its workers', () => {
  const text = workerVersionsText({
    name: 'citibike',
    current: 'c3',
    versions: [
      version('d4', { status: 'ramping', percent: 10 }),
      version('c3', { status: 'current', since: '2026-11-29T14:05:06.000Z', pinnedRuns: 2, movingRuns: 1 }),
      version('b2', { status: 'draining', pinnedRuns: 3, examples: ['training-1', 'ingest-2'] }),
      version('b1', { status: 'draining' }),
      version('a0', { status: 'drained' }),
    ],
  });
  expect(text).toMatch(/^Deployment citibike\n/);
  expect(text).toMatch(/c3 +current +2026-11-29 14:05 +2 +1\n/);
  expect(text).toContain('ramping, 10 %');
  expect(text).toContain('New runs start on c3.\n');
  expect(text).toContain('b2 drains: keep its workers until training-1, ingest-2 and 1 more end.\n');
  expect(text).toContain('b1 drains, and its last pinned run is closed.');
  expect(text).toContain('a0 has drained: stop its workers.\n');
});

test('the text says that unversioned workers start new runs', () => {
  const text = workerVersionsText({ name: 'citibike', current: null, versions: [version('a0', {})] });
  expect(text).toContain('Unversioned workers start new runs.');
});

test('the only deployment is the default', () => {
  expect(onlyOne(['citibike'])).toBe('citibike');
  expect(() => onlyOne([])).toThrow('start a worker with WORKER_DEPLOYMENT=citibike');
  expect(() => onlyOne(['a', 'b'])).toThrow('name one with --deployment: a, b');
});

test.each(['', '-1', '101', 'half'])('the percent %j is rejected', (text) => {
  expect(() => percentOf(text)).toThrow(/^percent: got ".*", expected a number from 0 to 100$/);
});

test('a percent may have decimals', () => {
  expect(percentOf('2.5')).toBe(2.5);
});
