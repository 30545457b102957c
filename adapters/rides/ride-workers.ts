/**
 * Threads for all archives that a process reads. Some scan, each with a thread of zlib's that inflates ahead of it; others write what
 * was scanned. V8 compiles code for each thread anew, which costs more than scanning a small archive does: so each thread keeps to its
 * part. However many archives are read at once, no more are in memory than threads scan.
 */
import module from 'node:module';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { CitibikeError, type ErrorCode } from '../../contracts/errors.ts';
import type { ScanJob, ScannedCsv } from './scan-csv.ts';
import type { FlowsJob, IdsJob, WrittenIds } from './write-keys.ts';

interface Jobs {
  readonly scan: { readonly job: ScanJob; readonly result: ScannedCsv };
  readonly flows: { readonly job: FlowsJob; readonly result: number };
  readonly ids: { readonly job: IdsJob; readonly result: WrittenIds };
}

export type JobMessage = {
  [K in keyof Jobs]: { readonly kind: K; readonly job: Jobs[K]['job'] };
}[keyof Jobs];

export type ReplyMessage =
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'bytes'; readonly bytes: number }
  | {
      readonly kind: 'failed';
      /** Null for an error outside the catalogue. */
      readonly code: ErrorCode | null;
      readonly message: string;
      readonly details: Record<string, unknown> | CitibikeError['details'];
    };

/** What a thread is started with. */
export interface ThreadData {
  /** Folder of the cache of compiled code, where the process has one. */
  readonly compileCache: string | null;
}

export interface JobOptions {
  readonly signal?: AbortSignal;
  readonly onBytes?: (bytes: number) => void;
}

/** Memory of a thread's heap: rides never become objects, so that a small one does; V8 fails the job beyond it. */
const LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 256 };

type Part = 'scanning' | 'writing';

/** A scan keeps two cores busy, its own and that of zlib. */
const THREADS_A_PART = availableParallelism() >= 4 ? 2 : 1;

/** From this size on, a CSV pays for compiling the scanner on a thread that writes. */
const LARGE_CSV_BYTES = 64 * 2 ** 20;

/** Parts whose threads may do a job, the first preferred. An archive's ids and flows are written at the same time, once its scan is over. */
function partsFor({ kind, job }: JobMessage): readonly Part[] {
  switch (kind) {
    case 'scan':
      return job.entry.bytes < LARGE_CSV_BYTES ? ['scanning'] : ['scanning', 'writing'];
    case 'ids':
      return ['scanning'];
    case 'flows':
      return ['writing'];
  }
}

interface Thread {
  readonly worker: Worker;
  readonly part: Part;
}

const idle: Thread[] = [];
const waiting: { readonly parts: readonly Part[]; readonly tryAgain: () => void }[] = [];
const started: Record<Part, number> = { scanning: 0, writing: 0 };

async function freeThread(parts: readonly Part[]): Promise<Thread> {
  for (;;) {
    for (const part of parts) {
      const at = idle.findIndex((thread) => thread.part === part);
      if (at >= 0) {
        const [thread] = idle.splice(at, 1);
        thread!.worker.ref();
        return thread!;
      }
      if (started[part] < THREADS_A_PART) return startThread(part);
    }
    await new Promise<void>((tryAgain) => waiting.push({ parts, tryAgain }));
  }
}

function startThread(part: Part): Thread {
  // Node names the folder of its version in the folder of the cache.
  const cache = module.getCompileCacheDir();
  const worker = new Worker(new URL('./scan-thread.ts', import.meta.url), {
    resourceLimits: LIMITS,
    workerData: { compileCache: cache === undefined ? null : path.dirname(cache) } satisfies ThreadData,
  });
  const thread = { worker, part };
  started[part]++;
  // Whoever waits for an answer hears of the error too; without a listener of its own it would end the process.
  worker.on('error', () => undefined);
  worker.on('exit', () => {
    started[part]--;
    const at = idle.indexOf(thread);
    if (at >= 0) idle.splice(at, 1);
    wakeOne(part);
  });
  return thread;
}

function release(thread: Thread): void {
  // An idle thread does not keep the process alive.
  thread.worker.unref();
  idle.push(thread);
  wakeOne(thread.part);
}

function wakeOne(part: Part): void {
  const at = waiting.findIndex(({ parts }) => parts.includes(part));
  if (at >= 0) waiting.splice(at, 1)[0]!.tryAgain();
}

/** Runs a job on a free thread, or waits for one. An abort ends the thread; the next job gets a new one. */
export async function runRideJob<K extends keyof Jobs>(
  kind: K,
  job: Jobs[K]['job'],
  options: JobOptions = {},
): Promise<Jobs[K]['result']> {
  const { signal } = options;
  const message = { kind, job } as JobMessage;
  const thread = await freeThread(partsFor(message));
  if (signal?.aborted) {
    release(thread);
    throw signal.reason;
  }
  try {
    const value = await answerOf(thread.worker, message, options);
    release(thread);
    return value as Jobs[K]['result'];
  } catch (error) {
    // A thread that answered with a refusal is as good as new; one that was interrupted is still at work.
    if (error instanceof CitibikeError && !signal?.aborted) release(thread);
    else await thread.worker.terminate();
    throw error;
  }
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

function answerOf(worker: Worker, message: object, { signal, onBytes }: JobOptions): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onAbort = () => settle(() => reject(toError(signal?.reason)));
    const onError = (error: unknown) => settle(() => reject(toError(error)));
    const onExit = (code: number) =>
      settle(() => reject(new Error(`the thread that reads rides ended with ${code}`)));
    const onMessage = (reply: ReplyMessage) => {
      if (reply.kind === 'bytes') onBytes?.(reply.bytes);
      else if (reply.kind === 'done') settle(() => resolve(reply.value));
      else
        settle(() =>
          reject(
            reply.code
              ? new CitibikeError(reply.code, reply.message, { ...reply.details })
              : new Error(reply.message),
          ),
        );
    };
    const settle = (then: () => void) => {
      signal?.removeEventListener('abort', onAbort);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      then();
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(message);
  });
}
