/** Implements a lock across processes: a file that names its holder. A lock of a dead process is taken over. */
import { linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readJson } from './json-file.ts';
import { isRunning, recordOf, type ProcessRecord } from './processes.ts';

/**
 * Runs `work` while holding the lock; waits for another holder to finish.
 * @param onWait called once with the holder, if there is one to wait for.
 */
export async function withLock<T>(
  file: string,
  onWait: (holder: ProcessRecord) => void,
  work: () => Promise<T>,
): Promise<T> {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  let told = false;
  while (!tryLock(file)) {
    const holder = readJson<ProcessRecord>(file);
    if (!isRunning(holder)) {
      rmSync(file, { force: true });
      continue;
    }
    if (!told) onWait(holder);
    told = true;
    await sleep(200);
  }
  const release = (): void => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}

/** Creates the lock by a link, which is atomic, so that a lock file always names its holder. */
function tryLock(file: string): boolean {
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, JSON.stringify(recordOf(process.pid)), { mode: 0o600 });
  try {
    linkSync(aside, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(aside);
  }
}
