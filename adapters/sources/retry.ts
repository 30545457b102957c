/** Retries of a request within one attempt of an activity: for what passes in seconds. Temporal retries what takes longer. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CitibikeError } from '../../contracts/errors.ts';

export interface RetryPolicy {
  /** Failures in a row before giving up. */
  readonly attempts: number;
  /** Doubled with every further failure. */
  readonly firstDelayMs: number;
}

/** About 4 s in all: a server that restarts is back, a server that is down is Temporal's matter. */
export const SHORT_RETRIES: RetryPolicy = { attempts: 5, firstDelayMs: 250 };

/** A server may ask for a longer pause than ours (429, 503), but no server keeps us for longer than this. */
const LONGEST_PAUSE_MS = 30_000;

/** Runs `work` until it succeeds, fails for good, or has failed `attempts` times. */
export async function withRetries<T>(
  work: () => Promise<T>,
  signal: AbortSignal | undefined,
  policy: RetryPolicy = SHORT_RETRIES,
): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await work();
    } catch (error) {
      if (!mayPass(error) || failures >= policy.attempts) throw error;
      await pauseAfter(error, failures, signal, policy);
    }
  }
}

/** Whether the same request may succeed in a moment. A file that changed (CONFLICT) does not change back. */
export function mayPass(error: unknown): boolean {
  return error instanceof CitibikeError && error.retryable && error.code !== 'CONFLICT';
}

/** Waits before the next try: longer after every failure, at least as long as the server asked. @throws the signal's reason. */
export async function pauseAfter(
  error: unknown,
  failures: number,
  signal: AbortSignal | undefined,
  policy: RetryPolicy = SHORT_RETRIES,
): Promise<void> {
  const asked = error instanceof CitibikeError ? Number(error.details['retryAfterMs'] ?? 0) : 0;
  const pause = Math.min(LONGEST_PAUSE_MS, Math.max(asked, policy.firstDelayMs * 2 ** (failures - 1)));
  try {
    await sleep(pause, undefined, signal ? { signal } : {});
  } catch (aborted) {
    throw signal?.aborted ? signal.reason : aborted;
  }
}
