/** Folders for scratch files. What a killed process has left there, gigabytes perhaps, is removed by the next one on the machine. */
import { DAY_MS } from '../../contracts/calendar.ts';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isNamed, isOfOtherProcess, ownedName } from './owned-name.ts';

const KEY = 'work';

/** No work takes this long: older folders are of other machines that shared the disk, or of a process whose id another one has now. */
const KEPT_MS = 2 * DAY_MS;

/** Folders that this process is working in. */
const open = new Set<string>();

/** Runs `work` with an empty folder that is gone afterwards, whatever happens. */
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
