import type { Context } from '@temporalio/activity';
import { keepAliveMs } from '../../adapters/temporal/keep-alive.ts';
import { declareOwnHeartbeats } from '../../adapters/temporal/activity-interceptor.ts';

/** Limits the rate of heartbeats, because the server keeps only the newest. */
const AT_MOST_EVERY_MS = 1_000;

/** Returns a function that sends heartbeats with details. It may be called at any rate. */
export function heartbeatNowAndThen(context: Context): (details: Record<string, unknown>) => void {
  let last = 0;
  return (details) => {
    if (Date.now() - last < AT_MOST_EVERY_MS) return;
    last = Date.now();
    context.heartbeat(details);
  };
}

/**
 * Runs `work` and heartbeats the current `details` in place of the worker's empty heartbeats. A retry resumes from the details,
 * and people read them. An activity calls this before its first await.
 */
export async function whileHeartbeating<T>(
  context: Context,
  details: () => Readonly<Record<string, unknown>>,
  work: () => Promise<T>,
  everyMs = keepAliveMs(context.info),
): Promise<T> {
  declareOwnHeartbeats(context);
  context.heartbeat(details());
  const timer = setInterval(() => context.heartbeat(details()), everyMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
