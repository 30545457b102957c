import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withLock } from '../../../stack/lock.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'citibike-lock-'))));
afterEach(() => rmSync(folder, { recursive: true }));
const file = (): string => path.join(folder, 'lock');

test('two never hold the lock at once, and the waiting one learns the holder', async () => {
  const events: string[] = [];
  const onWait = vi.fn();
  const hold = (name: string) =>
    withLock(file(), onWait, async () => {
      events.push(`${name} in`);
      await sleep(100);
      events.push(`${name} out`);
    });
  await Promise.all([hold('a'), hold('b')]);
  expect(events).toEqual(['a in', 'a out', 'b in', 'b out']);
  expect(onWait).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ pid: process.pid }));
});

test('a lock of an ended process is taken over', async () => {
  writeFileSync(file(), JSON.stringify({ pid: process.pid, identity: 'of an earlier process' }));
  await expect(
    withLock(
      file(),
      () => undefined,
      async () => 'done',
    ),
  ).resolves.toBe('done');
});

test('the lock is free again after a failure', async () => {
  await expect(
    withLock(
      file(),
      () => undefined,
      () => Promise.reject(new Error('no')),
    ),
  ).rejects.toThrow('no');
  expect(existsSync(file())).toBe(false);
});
