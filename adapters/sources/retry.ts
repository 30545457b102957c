/** Retries requests within one attempt of an activity, for faults of seconds. Temporal retries longer ones. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CitibikeError } from '../../contracts/errors.ts';

export interface RetryPolicy {
  /** Maximum number of consecutive failures. */
  readonly attempts: number;
  /** Delay after the first failure; each further failure doubles it. */
  readonly firstDelayMs: number;
}

/** Waits about 4 s in all, enough for a server to restart. Temporal handles longer outages. */
export const SHORT_RETRIES: RetryPolicy = { attempts: 5, firstDelayMs: 250 };

/** Limits the pause that a server may request (429, 503). */
const LONGEST_PAUSE_MS = 30_000;

/** Runs `work` until it succeeds, fails permanently, or has failed `attempts` times. */
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

/** Tells whether the same request may soon succeed. A changed file (CONFLICT) does not change back. */
export function mayPass(error: unknown): boolean {
  return error instanceof CitibikeError && error.retryable && error.code !== 'CONFLICT';
}

/** Waits before the next attempt: longer after every failure, and at least as long as the server asked. @throws the signal's reason. */
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
