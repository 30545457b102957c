/**
 * Two threads for all archives that a process reads: each scans rides while zlib's own thread inflates ahead of it, and however many
 * archives are read at once, no more than two are in memory.
 */
import { Worker } from 'node:worker_threads';
import { CitibikeError, type ErrorCode } from '../../contracts/errors.ts';
import type { MergeJob } from './flows.ts';
import type { ScanJob, ScannedCsv } from './scan-csv.ts';
import type { FlowsJob, IdsJob, WrittenIds } from './write-keys.ts';

interface Jobs {
  readonly scan: { readonly job: ScanJob; readonly result: ScannedCsv };
  readonly flows: { readonly job: FlowsJob; readonly result: number };
  readonly ids: { readonly job: IdsJob; readonly result: WrittenIds };
  readonly merge: { readonly job: MergeJob; readonly result: number };
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

export interface JobOptions {
  readonly signal?: AbortSignal;
  readonly onBytes?: (bytes: number) => void;
}

const THREADS = 2;

/** Memory of a thread's heap: rides never become objects, so that a small one does; V8 fails the job beyond it. */
const LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 256 };

const idle: Worker[] = [];
const waiting: (() => void)[] = [];
let started = 0;

/** Runs a job on a free thread, or waits for one. An abort ends the thread; the next job gets a new one. */
export async function runRideJob<K extends keyof Jobs>(
  kind: K,
  job: Jobs[K]['job'],
  options: JobOptions = {},
): Promise<Jobs[K]['result']> {
  const { signal } = options;
  const worker = await freeWorker();
  if (signal?.aborted) {
    release(worker);
    throw signal.reason;
  }
  try {
    const value = await answerOf(worker, { kind, job }, options);
    release(worker);
    return value as Jobs[K]['result'];
  } catch (error) {
    // A thread that answered with a refusal is as good as new; one that was interrupted is still at work.
    if (error instanceof CitibikeError && !signal?.aborted) release(worker);
    else await worker.terminate();
    throw error;
  }
}

async function freeWorker(): Promise<Worker> {
  for (;;) {
    const worker = idle.pop();
    if (worker) {
      worker.ref();
      return worker;
    }
    if (started < THREADS) return startWorker();
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
}

function startWorker(): Worker {
  const worker = new Worker(new URL('./scan-worker.ts', import.meta.url), { resourceLimits: LIMITS });
  started++;
  // Whoever waits for an answer hears of the error too; without a listener of its own it would end the process.
  worker.on('error', () => undefined);
  worker.on('exit', () => {
    started--;
    const at = idle.indexOf(worker);
    if (at >= 0) idle.splice(at, 1);
    waiting.shift()?.();
  });
  return worker;
}

function release(worker: Worker): void {
  // An idle thread does not keep the process alive.
  worker.unref();
  idle.push(worker);
  waiting.shift()?.();
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
