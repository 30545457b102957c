import type { Context } from '@temporalio/activity';

/** The server keeps the newest only; a heartbeat for each chunk of a download would be work for nothing. */
const AT_MOST_EVERY_MS = 1_000;

/** Well under the heartbeat timeout of 15 s. */
const KEEP_ALIVE_MS = 4_000;

/** A heartbeat with details that may be called as often as one likes. */
export function heartbeatNowAndThen(context: Context): (details: Record<string, unknown>) => void {
  let last = 0;
  return (details) => {
    if (Date.now() - last < AT_MOST_EVERY_MS) return;
    last = Date.now();
    context.heartbeat(details);
  };
}

/** Runs `work` with heartbeats every few seconds, also when nothing moves; they carry what `details` gives at that moment. */
export async function whileHeartbeating<T>(
  context: Context,
  details: () => Record<string, unknown>,
  work: () => Promise<T>,
): Promise<T> {
  context.heartbeat(details());
  const timer = setInterval(() => context.heartbeat(details()), KEEP_ALIVE_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
