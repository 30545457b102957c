/**
 * Reads the head of a table in a process with bounds on memory and time. A parquet file of 100 bytes can announce two thousand
 * million values, which the parser would allocate. A thread is not enough, because an exhausted heap can end its whole process.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import module from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CitibikeError } from '../../contracts/errors.ts';
import type { RangedFile, TableHead } from './table-head.ts';

const MOST_HEAP_MB = 192;
/**
 * Limits the memory of the process, where the system tells it (Linux). The limit of the heap does not cover typed arrays. Beside the
 * console, it fits into the 512 MiB of the console's container.
 */
const MOST_MEMORY_MB = 320;
/** Limits the time of the parser and the start of its process. The bytes of a table arrive within milliseconds. */
const MOST_MS = 5_000;
const LOOK_EVERY_MS = 50;
const PAGE_BYTES = 4096;

export interface TableToRead {
  readonly kind: 'parquet' | 'csv';
  readonly bytes: number;
}

/** Represents what the process asks for. */
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

/** Holds the process of the last table. It waits for the next one, because its start takes longer than most tables. */
let idle: ChildProcess | undefined;

/** @throws CitibikeError INVALID_INPUT if the file is no such table, or beyond the bounds; or what `file.range` throws. */
export async function readTableHead(kind: TableToRead['kind'], file: RangedFile): Promise<TableHead> {
  const reader = idle ?? startReader();
  idle = undefined;
  reader.ref();
  reader.channel?.ref();
  const { promise, resolve, reject } = Promise.withResolvers<HeadRead>();
  const begun = performance.now();
  const watch = setInterval(() => {
    if (performance.now() - begun > MOST_MS) reject(beyond(`${MOST_MS / 1000} s`));
    if (memoryOf(reader) > MOST_MEMORY_MB * 2 ** 20) reject(beyond(`${MOST_MEMORY_MB} MB`));
  }, LOOK_EVERY_MS);
  reader.on('message', (said: BytesWanted | HeadRead) => {
    if (!('from' in said)) return resolve(said);
    const send = (part: Uint8Array) => reader.send({ id: said.id, part } satisfies PartRead);
    return void file.range(said.from, said.to).then(send).catch(reject);
  });
  reader.on('error', reject);
  // An exhausted heap aborts the process, and an exhausted container kills it.
  reader.on('exit', (code, signal) =>
    reject(
      signal === 'SIGABRT' || signal === 'SIGKILL'
        ? beyond(`${MOST_HEAP_MB} MB`)
        : new Error(`the process that reads tables ended with ${signal ?? `code ${code}`}`),
    ),
  );
  reader.send({ kind, bytes: file.bytes } satisfies TableToRead);
  try {
    const read = await promise;
    keep(reader);
    if ('head' in read) return read.head;
    throw new CitibikeError('INVALID_INPUT', read.invalid);
  } finally {
    clearInterval(watch);
    if (idle !== reader) reader.kill('SIGKILL');
  }
}

function startReader(): ChildProcess {
  // Node returns the subfolder of its version, not the cache folder itself.
  const cache = module.getCompileCacheDir();
  return fork(fileURLToPath(new URL('./table-head-process.ts', import.meta.url)), {
    // The file is data of strangers, so its parser gets none of our settings and secrets.
    env: cache === undefined ? {} : { NODE_COMPILE_CACHE: path.dirname(cache) },
    execArgv: [`--max-old-space-size=${MOST_HEAP_MB}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

/** Keeps a process for the next table. It does not keep its parent alive. */
function keep(reader: ChildProcess): void {
  reader.removeAllListeners();
  const end = () => {
    if (idle === reader) idle = undefined;
  };
  // Without a listener, an error would end this process.
  reader.on('error', end).on('exit', end);
  reader.unref();
  reader.channel?.unref();
  idle = reader;
}

/** Returns the resident memory in bytes; 0 if the system does not tell it. */
function memoryOf({ pid }: ChildProcess): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES;
  } catch {
    return 0;
  }
}

function beyond(bound: string): CitibikeError {
  return new CitibikeError(
    'INVALID_INPUT',
    `cannot read the table: its values need more than ${bound}. Download the file, and read it with another program.`,
  );
}
