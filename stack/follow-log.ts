/** Reads the end of a log, and what is added to it, across rotations. */
import { open, stat } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import { olderLog } from './service-logs.ts';

const CHUNK_BYTES = 65_536;
const POLL_MS = 300;

export interface FollowOptions {
  /** Number of lines from the end of the file to begin with. */
  readonly lines: number;
  /** Continues with new text until the caller stops. */
  readonly follow: boolean;
  readonly pollMs?: number;
}

/** Yields text of the log. A file that does not exist is empty. */
export async function* followLog(file: string, options: FollowOptions): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let at = await startOfLast(options.lines, file);
  for (;;) {
    const size = await sizeOf(file);
    if (size < at) {
      // The supervisor has moved the text to the newest of the older files.
      for await (const chunk of read(olderLog(file, 1), at)) yield decoder.write(chunk);
      at = 0;
    }
    for await (const chunk of read(file, at)) {
      at += chunk.length;
      yield decoder.write(chunk);
    }
    if (!options.follow) return;
    await sleep(options.pollMs ?? POLL_MS);
  }
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}

async function* read(file: string, start: number): AsyncGenerator<Buffer> {
  const handle = await open(file).catch(() => undefined);
  if (!handle) return;
  try {
    for (let at = start; ;) {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** Returns the offset at which the last lines begin; it reads the file backwards. */
async function startOfLast(lines: number, file: string): Promise<number> {
  const NEWLINE = 10;
  const handle = await open(file).catch(() => undefined);
  if (!handle) return 0;
  try {
    const { size } = await handle.stat();
    // The newline at the very end closes the last line and does not begin another.
    let left = lines + 1;
    for (let end = size; end > 0;) {
      const start = Math.max(0, end - CHUNK_BYTES);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(end - start), 0, end - start, start);
      for (let index = bytesRead - 1; index >= 0; index -= 1) {
        if (buffer[index] === NEWLINE && --left === 0) return start + index + 1;
      }
      end = start;
    }
    return 0;
  } finally {
    await handle.close();
  }
}
