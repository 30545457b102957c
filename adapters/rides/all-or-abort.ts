import type { JobOptions } from './ride-workers.ts';

/** Runs jobs together. If one fails, aborts the others and waits for them, so that none writes to a folder being removed. */
export async function allOrAbort<const T extends readonly Promise<unknown>[]>(
  signal: AbortSignal | undefined,
  start: (options: JobOptions) => T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const failed = new AbortController();
  const jobs = start({ signal: signal ? AbortSignal.any([signal, failed.signal]) : failed.signal });
  try {
    return await Promise.all(jobs);
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled(jobs);
    throw error;
  }
}
