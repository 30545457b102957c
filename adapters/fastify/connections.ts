/** What a caller may take of a server before and beside a request: time to send one, and connections. */
import type { FastifyInstance } from 'fastify';
import { NO_HOST_CHECK } from './framework-errors.ts';

/** Milliseconds for a caller to send its whole request. */
const REQUEST_MS = 15_000;
/** Milliseconds without a byte in either direction while a request is answered. */
const SILENCE_MS = 60_000;
/** Milliseconds between looks at idle connections while new ones are turned away. */
const EVICT_MS = 1_000;

/** Fastify options that both servers share. */
export const CONNECTION_OPTIONS = {
  requestTimeout: REQUEST_MS,
  connectionTimeout: SILENCE_MS,
  // Node gives a body as long as the headers where theirs is the longer time.
  http: { headersTimeout: REQUEST_MS, connectionsCheckingInterval: REQUEST_MS / 3, ...NO_HOST_CHECK },
} as const;

/** Turns connections away beyond `most`, and closes idle ones then, so that callers who hold them open keep nobody out. */
export function boundConnections({ server }: FastifyInstance, most: number): void {
  server.maxConnections = most;
  let evictedAt = -Infinity;
  server.on('drop', () => {
    if (performance.now() - evictedAt < EVICT_MS) return;
    evictedAt = performance.now();
    server.closeIdleConnections();
  });
}
