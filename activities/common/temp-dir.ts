/** Creates folders for scratch files. Removes the folders of killed processes on this machine, which may hold gigabytes. */
import { DAY_MS } from '../../contracts/calendar.ts';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isNamed, isOfOtherProcess, ownedName } from './owned-name.ts';

const KEY = 'work';

/** Exceeds the duration of any work. Older folders belong to other machines or to a process whose id was reused. */
const KEPT_MS = 2 * DAY_MS;

/** Holds the folders that this process uses. */
const open = new Set<string>();

/** Runs `work` with an empty folder, and removes the folder even after an error. */
export async function withTempDir<T>(
  work: (dir: string) => Promise<T>,
  parent: string = workDir(),
): Promise<T> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const name = ownedName(KEY);
  const dir = path.join(parent, name);
  open.add(name);
  try {
    await mkdir(dir, { mode: 0o700 });
    await sweep(parent);
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
    open.delete(name);
  }
}

function workDir(): string {
  return path.join(tmpdir(), `citibike-work-${process.getuid?.() ?? ''}`);
}

async function sweep(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (open.has(name)) continue;
    const dir = path.join(parent, name);
    const isLeft = isNamed(name, KEY) && !isOfOtherProcess(name);
    const info = isLeft ? undefined : await stat(dir).catch(() => undefined);
    if (isLeft || (info && Date.now() - info.mtimeMs > KEPT_MS))
      await rm(dir, { recursive: true, force: true });
  }
}
