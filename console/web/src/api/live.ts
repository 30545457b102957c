/** Keeps the pages' data fresh: refetches what the server reports as changed. */
import type { QueryClient } from '@tanstack/react-query';
import { EventParser, type ServerEvent } from './server-events.ts';
import { storedToken } from './token.ts';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

export type LiveState = 'connecting' | 'live' | 'lost';

/** Lists the first words of the query keys that each event makes stale. */
const STALE_BY_EVENT: Readonly<Record<string, readonly string[]>> = {
  runs: ['runs', 'run', 'overview', 'schedules', 'forecast', 'models'],
  progress: ['run', 'overview', 'runs'],
};

/** Follows the server's events until `signal` aborts, and reconnects at growing intervals. */
export async function followEvents(
  queries: QueryClient,
  signal: AbortSignal,
  onState: (state: LiveState) => void,
): Promise<void> {
  const stale = new StaleQueries(queries);
  let wait = FIRST_WAIT_MS;
  while (!signal.aborted) {
    onState('connecting');
    try {
      await readEvents(
        signal,
        () => {
          if (wait !== FIRST_WAIT_MS) void queries.invalidateQueries();
          wait = FIRST_WAIT_MS;
          onState('live');
        },
        (event) => stale.mark(event),
      );
    } catch {
      // The state reports it; the loop reconnects.
    }
    if (signal.aborted) return;
    onState('lost');
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = Math.min(LONGEST_WAIT_MS, wait * 2);
  }
}

async function readEvents(
  signal: AbortSignal,
  onOpen: () => void,
  onEvent: (event: ServerEvent) => void,
): Promise<void> {
  const token = storedToken();
  const response = await fetch('/api/events', {
    signal,
    headers: { accept: 'text/event-stream', ...(token ? { authorization: `Bearer ${token}` } : {}) },
  });
  if (!response.ok || !response.body) throw new Error(`events: ${response.status}`);
  onOpen();
  const parser = new EventParser();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    parser.push(value).forEach(onEvent);
  }
}

/**
 * Refetches what events make stale. An event that arrives while its queries are being refetched waits for their answers, because a refetch
 * cancels the one before. Otherwise events that come faster than the answers would keep a page from ever showing one.
 */
export class StaleQueries {
  readonly #queries: Pick<QueryClient, 'invalidateQueries'>;
  /** Keys whose refetch is in progress, and whether another event has arrived since it began. */
  readonly #refetching = new Map<string, boolean>();

  constructor(queries: Pick<QueryClient, 'invalidateQueries'>) {
    this.#queries = queries;
  }

  mark({ event }: ServerEvent): void {
    // A server stopped or returned, and every page may use it.
    if (event === 'status') void this.#queries.invalidateQueries();
    for (const what of STALE_BY_EVENT[event] ?? []) void this.#refetch(what);
  }

  async #refetch(what: string): Promise<void> {
    if (this.#refetching.has(what)) {
      this.#refetching.set(what, true);
      return;
    }
    do {
      this.#refetching.set(what, false);
      await this.#queries.invalidateQueries({ queryKey: [what] });
    } while (this.#refetching.get(what));
    this.#refetching.delete(what);
  }
}
