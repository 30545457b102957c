import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 100;

/** Repeats a question until it has an answer. @throws Error that names `what` if there is none in time. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  timeoutMs = 300_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`timed out after ${timeoutMs / 1000} s, before ${what}`);
    await sleep(POLL_MS);
  }
}
