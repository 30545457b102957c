import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { followLog } from '../../../stack/follow-log.ts';
import { lastLines, logFile, olderLog, openLog, rotateLogs } from '../../../stack/service-logs.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'citibike-logs-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const LARGE = Buffer.alloc(21_000_000, 'x\n');
const file = (): string => logFile(folder, 'worker');

test('a large log is rotated while its service writes, and four older ones are kept', () => {
  const { descriptor, offset } = openLog(file());
  expect(offset).toBe(0);
  for (let round = 1; round <= 6; round += 1) {
    writeSync(descriptor, LARGE);
    writeSync(descriptor, `round ${round}\n`);
    rotateLogs(folder);
    writeSync(descriptor, `after ${round}\n`);
    expect(readFileSync(file(), 'utf8')).toBe(`after ${round}\n`);
    expect(statSync(olderLog(file(), 1)).mode & 0o777).toBe(0o600);
  }
  expect(lastLines(olderLog(file(), 1), 0, 1)).toEqual(['round 6']);
  expect(lastLines(olderLog(file(), 4), 0, 1)).toEqual(['round 3']);
  expect(existsSync(olderLog(file(), 5))).toBe(false);
  expect(lastLines(file(), LARGE.length, 5)).toEqual(['after 6']);
});

test('a small log stays, and a start rotates a large one', () => {
  writeFileSync(file(), 'small\n');
  rotateLogs(folder);
  expect(existsSync(olderLog(file(), 1))).toBe(false);
  writeFileSync(file(), LARGE);
  expect(openLog(file()).offset).toBe(0);
  expect(statSync(olderLog(file(), 1)).size).toBe(LARGE.length);
});

async function take(text: AsyncIterable<string>): Promise<string> {
  let taken = '';
  for await (const chunk of text) taken += chunk;
  return taken;
}

test.each([
  [2, 'three\nfour\n'],
  [0, ''],
  [100, 'one\ntwo\nthree\nfour\n'],
])('the last %d lines', async (lines, expected) => {
  writeFileSync(file(), 'one\ntwo\nthree\nfour\n');
  expect(await take(followLog(file(), { lines, follow: false }))).toBe(expected);
});

test('the last lines of a log that is longer than a chunk', async () => {
  writeFileSync(file(), `first\n${'y'.repeat(200_000)}\nlast\n`);
  expect(await take(followLog(file(), { lines: 2, follow: false }))).toBe(`${'y'.repeat(200_000)}\nlast\n`);
});

test('following continues across a rotation, and a character that is cut in two stays whole', async () => {
  writeFileSync(file(), 'old\n');
  const log = followLog(file(), { lines: 1, follow: true, pollMs: 5 });
  let seen = '';
  const until = async (text: string) => {
    while (!seen.endsWith(text)) seen = (seen + String((await log.next()).value)).slice(-100);
  };
  await until('old\n');
  const bytes = Buffer.from('naïve\n');
  appendFileSync(file(), bytes.subarray(0, 3));
  await until('na');
  appendFileSync(file(), bytes.subarray(3));
  await until('naïve\n');
  appendFileSync(file(), LARGE);
  appendFileSync(file(), 'before\n');
  rotateLogs(folder);
  appendFileSync(file(), 'after\n');
  await until('before\nafter\n');
  await log.return(undefined);
});
