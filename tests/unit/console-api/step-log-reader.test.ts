import { expect, it } from 'vitest';
import { StepLogReader } from '../../../console/api/step-log-reader.ts';

const RUN = { workflowId: 'w', runId: 'r' };
const STEP = { ...RUN, activityId: '7' };

/** Serves objects by their name below the run's logs. */
function readerOf(objects: Readonly<Record<string, string>>) {
  const prefixed = Object.entries(objects).map(
    ([name, text]) => [String(`s3://a/w/logs/r/${name}`), text] as const,
  );
  return new StepLogReader({
    buckets: ['a'],
    async *list(prefix: string) {
      for (const [uri, text] of prefixed.toSorted())
        if (uri.startsWith(prefix))
          yield { uri, bytes: Buffer.byteLength(text), etag: '', modified: new Date(uri.length * 1_000) };
    },
    bytes: async (uri) => Buffer.from(`${new Map(prefixed).get(uri)}grown since the listing\n`),
  });
}

const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `zeile ${String(from + i).padStart(6, '0')} äöü\n`).join('');

it('lists attempts by step and number, with the size of all their objects', async () => {
  const reader = readerOf({
    '10-1.log': 'x\n',
    '7-1.log': 'ab\n',
    '7-2.log': 'abc\n',
    '7-2.1.log': 'd\n',
    other: 'y',
  });
  expect(await reader.attempts(RUN)).toMatchObject([
    { step: '7', attempt: 1, bytes: 3 },
    { step: '7', attempt: 2, bytes: 6 },
    { step: '10', attempt: 1, bytes: 2 },
  ]);
});

it('reads a log from its end to its start, and from its start to its end, in whole lines', async () => {
  const reader = readerOf({
    '7-1.log': lines(0, 4_000),
    '7-1.1.log': lines(4_000, 8_000),
    '7-1.2.log': lines(8_000, 8_001),
  });
  const whole = lines(0, 8_001);

  const backwards: string[] = [];
  for (let before: number | undefined; before !== 0;) {
    const page = await reader.page(STEP, { before });
    backwards.unshift(page.text);
    before = page.from;
  }
  expect(backwards.join('')).toBe(whole);

  const forwards: string[] = [];
  for (let from = 0, bytes = 1; from < bytes;) {
    const page = await reader.page(STEP, { attempt: 1, from });
    forwards.push(page.text);
    ({ to: from, bytes } = page);
  }
  expect(forwards.join('')).toBe(whole);
  expect(Math.max(...[...backwards, ...forwards].map((text) => Buffer.byteLength(text)))).toBeLessThanOrEqual(
    65_536,
  );
});

it('starts with the last attempt, and names it to a reader of an earlier one', async () => {
  const reader = readerOf({ '7-1.log': 'first\n', '7-2.log': 'second\n' });
  expect(await reader.page(STEP, {})).toMatchObject({ attempt: 2, attempts: 2, text: 'second\n' });
  expect(await reader.page(STEP, { attempt: 1, from: 6 })).toMatchObject({
    attempts: 2,
    from: 6,
    to: 6,
    text: '',
  });
  expect(await reader.whole(STEP)).toBe('first\nsecond\n');
});

it('answers with an empty page for a step without a log', async () => {
  expect(await readerOf({}).page(STEP, {})).toEqual({
    attempt: 0,
    attempts: 0,
    from: 0,
    to: 0,
    bytes: 0,
    text: '',
  });
});
