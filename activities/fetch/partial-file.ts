/**
 * Where a download lies on the worker's disk until it is whole. A killed attempt leaves its bytes there, and the next one on this
 * machine goes on behind them; one on another machine starts anew. Two processes never write to one file: the name says whose it is,
 * and only what a process that is gone has left is taken over, by renaming it, which one of several succeeds in.
 */
import { DAY_MS } from '../../contracts/calendar.ts';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isNamed, isOfOtherProcess, ownedName } from '../common/owned-name.ts';

/** What nobody came back for within a day is not being waited for. */
const KEPT_MS = DAY_MS;

/** Files that this process is writing to. */
const open = new Set<string>();

export interface PartialFile {
  readonly file: string;
  /** @param keep leave it for the next attempt. */
  release(keep: boolean): Promise<void>;
}

/**
 * @param key names the version of a file: what another attempt left under it is a beginning of the same bytes.
 * @returns a path of this process alone; it may hold a beginning already.
 */
export async function claimPartial(key: string, dir: string = downloadDir()): Promise<PartialFile> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const file = path.join(dir, ownedName(key));
  open.add(file);
  for (const left of await leftBehind(key, dir)) {
    try {
      await rename(left, file);
      break;
    } catch {
      // Another process was faster.
    }
  }
  await sweep(dir);
  return {
    file,
    async release(keep) {
      if (!keep) await rm(file, { force: true });
      open.delete(file);
    },
  };
}

function downloadDir(): string {
  return path.join(tmpdir(), `citibike-downloads-${process.getuid?.() ?? ''}`);
}

async function leftBehind(key: string, dir: string): Promise<string[]> {
  const names = (await readdir(dir)).filter((name) => isNamed(name, key) && !isOfOtherProcess(name));
  return names.map((name) => path.join(dir, name)).filter((file) => !open.has(file));
}

async function sweep(dir: string): Promise<void> {
  for (const name of await readdir(dir)) {
    const file = path.join(dir, name);
    const info = await stat(file).catch(() => undefined);
    if (info && !open.has(file) && Date.now() - info.mtimeMs > KEPT_MS) await rm(file, { force: true });
  }
}
