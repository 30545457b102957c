/**
 * Runs the threads for all archives that a process reads. Some threads scan, each with a zlib thread that inflates ahead; others
 * write the results. V8 compiles code for each thread separately, which costs more than scanning a small archive, so each thread
 * keeps its role. Only for a large CSV does a free writing thread scan too. At most one archive per scanning thread is in memory.
 */
import module from 'node:module';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { CitibikeError, type ErrorCode } from '../../contracts/errors.ts';
import type { ScanJob, ScannedLines, SharedScanJob } from './scan-csv.ts';
import type { FlowsJob, IdsJob, WrittenFlows, WrittenIds } from './write-keys.ts';

interface Jobs {
  readonly scan: { readonly job: ScanJob; readonly result: ScannedLines };
  /** Scans the lines that the thread of a scan sends. */
  readonly sentLines: { readonly job: SharedScanJob; readonly result: ScannedLines };
  readonly flows: { readonly job: FlowsJob; readonly result: WrittenFlows };
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

/** Represents the data with which a thread starts. */
export interface ThreadData {
  /** Folder of the compile cache; null if the process has none. */
  readonly compileCache: string | null;
}

export interface JobOptions {
  readonly signal?: AbortSignal;
  readonly onBytes?: (bytes: number) => void;
}

/** Bounds a thread's heap. A small heap is enough, because rides never become objects. Beyond it V8 fails the job. */
const LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 256 };

type Role = 'scanning' | 'writing';

/** A scan keeps two cores busy: its own and the one of zlib. */
const THREADS_PER_ROLE = availableParallelism() >= 4 ? 2 : 1;

/** From this size on, scanning a CSV on a writing thread saves more time than compiling the scanner there costs. */
export const LARGE_CSV_BYTES = 64 * 2 ** 20;

/** Returns the roles that may do a job, the preferred one first. After a scan, ids and flows are written in parallel. */
function rolesFor({ kind, job }: JobMessage): readonly Role[] {
  switch (kind) {
    case 'scan':
      return job.entry.bytes < LARGE_CSV_BYTES ? ['scanning'] : ['scanning', 'writing'];
    case 'ids':
      return ['scanning'];
    case 'sentLines':
    case 'flows':
      return ['writing'];
  }
}

interface Thread {
  readonly worker: Worker;
  readonly role: Role;
}

const idle: Thread[] = [];
const waiting: { readonly roles: readonly Role[]; readonly tryAgain: () => void }[] = [];
const started: Record<Role, number> = { scanning: 0, writing: 0 };

async function freeThread(roles: readonly Role[]): Promise<Thread> {
  for (;;) {
    for (const role of roles) {
      const at = idle.findIndex((thread) => thread.role === role);
      if (at >= 0) {
        const [thread] = idle.splice(at, 1);
        thread!.worker.ref();
        return thread!;
      }
      if (started[role] < THREADS_PER_ROLE) return startThread(role);
    }
    await new Promise<void>((tryAgain) => waiting.push({ roles, tryAgain }));
  }
}

/** Tells whether a job that prefers the role would start at once. */
export function hasFreeThread(role: Role): boolean {
  return started[role] < THREADS_PER_ROLE || idle.some((thread) => thread.role === role);
}

function startThread(role: Role): Thread {
  // Node returns the subfolder of its version, not the cache folder itself.
  const cache = module.getCompileCacheDir();
  const worker = new Worker(new URL('./scan-thread.mjs', import.meta.url), {
    resourceLimits: LIMITS,
    workerData: { compileCache: cache === undefined ? null : path.dirname(cache) } satisfies ThreadData,
  });
  const thread = { worker, role };
  started[role]++;
  // The job in progress reports the error. Without a listener the error would end the process.
  worker.on('error', () => undefined);
  worker.on('exit', () => {
    started[role]--;
    const at = idle.indexOf(thread);
    if (at >= 0) idle.splice(at, 1);
    wakeOne(role);
  });
  return thread;
}

/** Starts the first thread of a role ahead of its job, so that it compiles its code meanwhile. */
export function startThreadAhead(role: Role): void {
  if (started[role] === 0) release(startThread(role));
}

function release(thread: Thread): void {
  // An idle thread does not keep the process alive.
  thread.worker.unref();
  idle.push(thread);
  wakeOne(thread.role);
}

function wakeOne(role: Role): void {
  const at = waiting.findIndex(({ roles }) => roles.includes(role));
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
  const thread = await freeThread(rolesFor(message));
  if (kind === 'scan') startThreadAhead('writing');
  if (signal?.aborted) {
    release(thread);
    throw signal.reason;
  }
  try {
    const value = await answerOf(thread.worker, message, options);
    release(thread);
    return value as Jobs[K]['result'];
  } catch (error) {
    // A thread that answered with an error can be reused; an interrupted one is still working.
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
