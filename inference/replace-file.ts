import { mkdir, open, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';

/** Replaces a file atomically and creates its folder: after a power cut, the file is either the old or the new one. */
export async function replaceFile(file: string, chunks: readonly (string | Uint8Array)[]): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  // Replicas in containers share the folder, and their process ids can be equal.
  const draft = `${file}.${hostname()}-${process.pid}.draft`;
  try {
    const handle = await open(draft, 'w', 0o600);
    try {
      // The chunks are written one by one, because a vectored write may write only part of its input.
      for (const chunk of chunks) await handle.writeFile(chunk);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
