/** Kills a restore, and then its recovery, at every change that they make to files: the data are all old or all new. */
import fs, { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSettings } from '../../../settings.ts';
import { recoverData, replaceData } from '../../../stack/backup/replace-data.ts';
import { outsideFolder, postgresData } from '../../../stack/postgres-home.ts';
import { layoutOf, type Layout } from '../../../stack/stack-layout.ts';

let folder: string;
let layout: Layout;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'citibike-killed-'));
  layout = layoutOf(loadSettings({ STACK_DIR: path.join(folder, 'stack') }));
});
afterEach(removeAll);

/** For root, Postgres' data may be outside the folder. */
function removeAll(): void {
  const outside = outsideFolder(layout);
  for (const made of [folder, outside, `${outside}-before-restore`])
    rmSync(made, { recursive: true, force: true });
}

/** Writes unpacked data that name their age in every part. */
function unpack(age: string): void {
  mkdirSync(path.join(layout.restoring, 'data', 'postgres'), { recursive: true });
  for (const name of ['credentials.json', 'data/temporal.db', 'data/postgres/PG_VERSION'])
    writeFileSync(path.join(layout.restoring, name), age);
}

function ages(): string[] {
  const files = [
    layout.credentials,
    path.join(layout.data, 'temporal.db'),
    path.join(postgresData(layout), 'PG_VERSION'),
  ];
  return files.map((file) => (existsSync(file) ? readFileSync(file, 'utf8') : 'missing'));
}

const CHANGES = ['renameSync', 'rmSync', 'mkdirSync', 'writeFileSync', 'cpSync'] as const;

/** Lets `work` make some changes to files and fails all later ones, as if the process were killed. @returns whether it was. */
function isKilledAfter(changes: number, work: () => void): boolean {
  const kept = Object.fromEntries(CHANGES.map((name) => [name, fs[name]]));
  let made = 0;
  for (const name of CHANGES)
    Object.assign(fs, {
      [name]: (...args: never[]): unknown => {
        made += 1;
        if (made > changes) throw new Error('killed');
        return (kept[name] as (...args: never[]) => unknown)(...args);
      },
    });
  syncBuiltinESMExports();
  try {
    work();
  } catch (error) {
    if (made <= changes) throw error;
  } finally {
    Object.assign(fs, kept);
    syncBuiltinESMExports();
  }
  return made > changes;
}

/** @returns whether the replacement was killed. */
function replaceKilledAfter(changes: number): boolean {
  if (ages().some((age) => age !== 'old')) {
    removeAll();
    unpack('old');
    replaceData(layout, layout.restoring);
    recoverData(layout);
  }
  unpack('new');
  return isKilledAfter(changes, () => replaceData(layout, layout.restoring));
}

function expectOneAge(kills: string): string {
  const [first, ...others] = ages();
  expect(['old', 'new'], kills).toContain(first);
  expect(new Set(others), kills).toEqual(new Set([first]));
  return first!;
}

test('data are complete after a restore and its recovery were killed, and the next restore succeeds', () => {
  const ends: string[] = [];
  for (let kill = 0; replaceKilledAfter(kill); kill += 1) {
    for (let second = 0; ; second += 1) {
      if (second > 0) replaceKilledAfter(kill);
      const isKilled = isKilledAfter(second, () => void recoverData(layout));
      recoverData(layout);
      ends.push(expectOneAge(`after ${kill} and ${second} changes`));
      if (!isKilled) break;
    }
    unpack('newest');
    replaceData(layout, layout.restoring);
    expect(ages(), `after ${kill} changes`).toEqual(['newest', 'newest', 'newest']);
    for (const left of [layout.beforeRestore, layout.replaced, `${outsideFolder(layout)}-before-restore`])
      expect(existsSync(left), left).toBe(false);
  }
  expect(new Set(ends)).toEqual(new Set(['old', 'new']));
  expect(ends.length).toBeGreaterThan(20);
});
