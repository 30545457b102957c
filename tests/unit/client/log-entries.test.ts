import { expect, it } from 'vitest';
import { logEntries, mergedByTime } from '../../../client/log-entries.ts';

async function* pages(...texts: string[]) {
  yield* texts;
}

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}.000Z`;

it('merges logs by time, and keeps the lines that continue an entry with it', async () => {
  const fetch = logEntries(
    'fetchFile',
    pages(`${at(1)} INFO  a\n${at(4)} ERROR failed\n    at x\n`, `    at y\n${at(6)} INFO  b\n`),
  );
  const train = logEntries('trainModel', pages(`${at(2)} INFO  c\n`, `${at(5)} INFO  d\n`));
  const merged: string[] = [];
  for await (const { label, lines } of mergedByTime([train, logEntries('empty', pages()), fetch], 2))
    merged.push(...lines.map((line) => `${label} ${line.replace(/^\S+Z /, '')}`));
  expect(merged).toEqual([
    'fetchFile INFO  a',
    'trainModel INFO  c',
    'fetchFile ERROR failed',
    'fetchFile     at x',
    'fetchFile     at y',
    'trainModel INFO  d',
    'fetchFile INFO  b',
  ]);
});
