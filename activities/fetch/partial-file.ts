/**
 * Keeps a partial download on the worker's disk. The next attempt on this machine resumes after the bytes of a killed one. An
 * attempt on another machine starts again. The name contains the process, so that two processes never write to one file. A
 * process claims the file of a dead process by renaming it, which succeeds for one claimant.
 */
import { DAY_MS } from '../../contracts/calendar.ts';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isNamed, isOfOtherProcess, ownedName } from '../common/owned-name.ts';

/** Limits the age of partial files. No attempt resumes after a day. */
const KEPT_MS = DAY_MS;

/** Holds the files that this process writes. */
const open = new Set<string>();

export interface PartialFile {
  readonly file: string;
  /** Releases the file. @param keep the bytes for the next attempt. */
  release(keep: boolean): Promise<void>;
}

/**
 * Claims a path that only this process uses. The file may contain the first bytes already.
 * @param key identifies the file's version, so that partial files with the same key have the same bytes.
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
      // Another process claimed the file first.
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
