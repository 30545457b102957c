/** Words the message of every call that timed out. */
import { messageOf } from './errors.ts';

/** Returns `timed out after 4 s`. */
export function timedOutAfter(ms: number): string {
  return `timed out after ${ms / 1_000} s`;
}

/** Returns the message of a failed call. Recognises calls that `AbortSignal.timeout` ended. */
export function callFailure(error: unknown, timeoutMs: number): string {
  const { name, cause } = error as { name?: unknown; cause?: unknown };
  return name === 'TimeoutError' ? timedOutAfter(timeoutMs) : messageOf(cause ?? error);
}
