import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withTempDir } from '../../../activities/common/temp-dir.ts';

const MODULE = path.resolve(import.meta.dirname, '../../../activities/common/temp-dir.ts');

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), 'temp-dir-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

/** Creates a folder with a file, named as the process of that id names it. */
function leave(pid: number): string {
  const dir = path.join(parent, `work.${hostname().replaceAll(/[^A-Za-z0-9-]/g, '-')}.${pid}.cafe`);
  mkdirSync(dir);
  writeFileSync(path.join(dir, 'archive'), 'x');
  return dir;
}

it('a folder starts empty, and is removed after the work, also if it fails', async () => {
  const seen: string[] = [];
  const work = withTempDir(async (dir) => {
    seen.push(dir, ...readdirSync(dir));
    writeFileSync(path.join(dir, 'x'), 'x');
    throw new Error('no');
  }, parent);
  await expect(work).rejects.toThrow('no');
  expect(seen).toHaveLength(1);
  expect(readdirSync(parent)).toEqual([]);
});

it('the next process removes the folder of a killed one', async () => {
  const killed = spawnSync(process.execPath, [
    '--input-type=module',
    '-e',
    `import { writeFileSync } from 'node:fs';
     import { withTempDir } from ${JSON.stringify(MODULE)};
     await withTempDir(async (dir) => { writeFileSync(dir + '/archive', 'x'); process.kill(process.pid, 'SIGKILL'); }, ${JSON.stringify(parent)});`,
  ]);
  expect(killed.signal).toBe('SIGKILL');
  const [left] = readdirSync(parent);
  expect(readdirSync(path.join(parent, left!))).toEqual(['archive']);
  await withTempDir(async (dir) => expect(readdirSync(parent)).toEqual([path.basename(dir)]), parent);
});

it('the folders of running processes stay, also that of this one', async () => {
  const others = leave(process.ppid);
  await withTempDir(async (outer) => {
    await withTempDir(async () => undefined, parent);
    expect([existsSync(outer), existsSync(others)]).toEqual([true, true]);
  }, parent);
});

it('a folder without changes for two days is removed, whichever process owns it', async () => {
  const others = leave(process.ppid);
  const longAgo = new Date(Date.now() - 49 * 3_600_000);
  utimesSync(others, longAgo, longAgo);
  await withTempDir(async () => expect(existsSync(others)).toBe(false), parent);
});
