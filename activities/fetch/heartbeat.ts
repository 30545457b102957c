import type { Context } from '@temporalio/activity';

/** The server keeps the newest only; a heartbeat for each chunk of a download would be work for nothing. */
const AT_MOST_EVERY_MS = 1_000;

/** A heartbeat with details that may be called as often as one likes. */
export function heartbeatNowAndThen(context: Context): (details: Record<string, unknown>) => void {
  let last = 0;
  return (details) => {
    if (Date.now() - last < AT_MOST_EVERY_MS) return;
    last = Date.now();
    context.heartbeat(details);
  };
}
