import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { claimPartial } from '../../../activities/fetch/partial-file.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'partial-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Writes the file that a process of that id would have left behind. */
function leave(key: string, pid: number, content: string): string {
  const file = path.join(dir, `${key}.${hostname().replaceAll(/[^A-Za-z0-9-]/g, '-')}.${pid}.cafe`);
  writeFileSync(file, content);
  return file;
}

/** Returns the id of a process that has ended. */
function gonePid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

it('a partial file of an ended process is reused', async () => {
  const left = leave('key', gonePid(), 'beginning');
  const { file } = await claimPartial('key', dir);
  expect(readFileSync(file, 'utf8')).toBe('beginning');
  expect(existsSync(left)).toBe(false);
});

it('a partial file of a running process is not touched', async () => {
  const left = leave('key', process.ppid, 'beginning');
  const { file } = await claimPartial('key', dir);
  expect([existsSync(file), existsSync(left)]).toEqual([false, true]);
});

it('two claims in one process get two files, and a released one is found again', async () => {
  const one = await claimPartial('key', dir);
  writeFileSync(one.file, 'beginning');
  const two = await claimPartial('key', dir);
  expect(existsSync(two.file)).toBe(false);
  await one.release(true);
  expect(readFileSync((await claimPartial('key', dir)).file, 'utf8')).toBe('beginning');
});

it('a partial file of another version is not resumed', async () => {
  leave('other', gonePid(), 'beginning');
  expect(existsSync((await claimPartial('key', dir)).file)).toBe(false);
});

it('a partial file is removed after a day without use', async () => {
  const left = leave('other', gonePid(), 'beginning');
  const longAgo = new Date(Date.now() - 25 * 3_600_000);
  utimesSync(left, longAgo, longAgo);
  const claimed = await claimPartial('key', dir);
  writeFileSync(claimed.file, 'mine');
  await claimed.release(false);
  expect(readdirSync(dir)).toEqual([]);
});
