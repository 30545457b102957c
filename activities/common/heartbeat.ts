import type { Context } from '@temporalio/activity';
import { keepAliveMs } from '../../adapters/temporal/keep-alive.ts';

/** Temporal keeps only the newest heartbeat, so one per chunk of a download would be wasted. */
const AT_MOST_EVERY_MS = 1_000;

/** Returns a function that heartbeats with details and may be called for every chunk: calls within a second of the last are dropped. */
export function heartbeatNowAndThen(context: Context): (details: Record<string, unknown>) => void {
  let last = 0;
  return (details) => {
    if (Date.now() - last < AT_MOST_EVERY_MS) return;
    last = Date.now();
    context.heartbeat(details);
  };
}

/** Runs `work` and heartbeats meanwhile, also without progress. Each heartbeat carries what `details` returns at that moment. */
export async function whileHeartbeating<T>(
  context: Context,
  details: () => Record<string, unknown>,
  work: () => Promise<T>,
): Promise<T> {
  context.heartbeat(details());
  const timer = setInterval(() => context.heartbeat(details()), keepAliveMs(context.info));
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
