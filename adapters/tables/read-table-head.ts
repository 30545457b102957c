/**
 * Reads the head of a table in a thread with bounds on memory and time. A parquet file of 100 bytes can announce two thousand
 * million values, which the parser would allocate.
 */
import module from 'node:module';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { CitibikeError } from '../../contracts/errors.ts';
import type { RangedFile, TableHead } from './table-head.ts';

const MOST_HEAP_MB = 256;
/** Growth of the process while a table is read. The limit of the heap does not cover typed arrays. */
const MOST_GROWTH_BYTES = 512 * 2 ** 20;
/** The bytes of a table arrive within milliseconds, so the time is that of the parser. */
const MOST_MS = 5_000;
const LOOK_EVERY_MS = 50;

export interface TableToRead {
  readonly kind: 'parquet' | 'csv';
  readonly bytes: number;
}

/** What the thread asks for. */
export interface BytesWanted {
  readonly id: number;
  readonly from: number;
  readonly to: number;
}

export interface PartRead {
  readonly id: number;
  readonly part: Uint8Array;
}

export type HeadRead = { readonly head: TableHead } | { readonly invalid: string };

/** The thread of the last table. It waits for the next one, because its start takes longer than most tables. */
let idle: Worker | undefined;

/** @throws CitibikeError INVALID_INPUT if the file is no such table, or beyond the bounds; or what `file.range` throws. */
export async function readTableHead(kind: TableToRead['kind'], file: RangedFile): Promise<TableHead> {
  const worker = idle ?? startThread();
  idle = undefined;
  worker.ref();
  const { promise, resolve, reject } = Promise.withResolvers<HeadRead>();
  const begun = performance.now();
  const atFirst = process.memoryUsage.rss();
  const watch = setInterval(() => {
    if (performance.now() - begun > MOST_MS) reject(beyond(`${MOST_MS / 1000} s`));
    if (process.memoryUsage.rss() - atFirst > MOST_GROWTH_BYTES) reject(beyond('512 MB'));
  }, LOOK_EVERY_MS);
  worker.on('message', (said: BytesWanted | HeadRead) => {
    if (!('from' in said)) return resolve(said);
    const send = (part: Uint8Array) => worker.postMessage({ id: said.id, part } satisfies PartRead);
    return void file.range(said.from, said.to).then(send, reject);
  });
  worker.on('error', (error: NodeJS.ErrnoException) =>
    reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? beyond(`${MOST_HEAP_MB} MB`) : error),
  );
  worker.on('exit', () => reject(new Error('the thread that reads tables ended without an answer')));
  worker.postMessage({ kind, bytes: file.bytes } satisfies TableToRead);
  try {
    const read = await promise;
    release(worker);
    if ('head' in read) return read.head;
    throw new CitibikeError('INVALID_INPUT', read.invalid);
  } finally {
    clearInterval(watch);
    if (idle !== worker) await worker.terminate();
  }
}

function startThread(): Worker {
  // Node returns the subfolder of its version, not the cache folder itself.
  const cache = module.getCompileCacheDir();
  return new Worker(new URL('./table-head-thread.mjs', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB, maxYoungGenerationSizeMb: 32 },
    workerData: { compileCache: cache === undefined ? null : path.dirname(cache) },
  });
}

function release(worker: Worker): void {
  for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
  const end = () => {
    if (idle === worker) idle = undefined;
  };
  // Without a listener, an error would end the process.
  worker.on('error', end).on('exit', end);
  // An idle thread does not keep the process alive.
  worker.unref();
  idle = worker;
}

function beyond(bound: string): CitibikeError {
  return new CitibikeError(
    'INVALID_INPUT',
    `cannot read the table: its values need more than ${bound}. Download the file, and read it with another program.`,
  );
}
