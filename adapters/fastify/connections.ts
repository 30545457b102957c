/**
 * Bounds what a caller may use of a server outside of request handling: connections, and time to send a
 * request.
 */
import type { FastifyInstance } from 'fastify';
import { NO_HOST_CHECK } from './framework-errors.ts';
import { LingeringResponse } from './lingering-response.ts';

/** Limits the time in milliseconds for a caller to send a whole request. */
const REQUEST_MS = 15_000;
/** Is the idle timeout in milliseconds while the server answers a request. */
const SILENCE_MS = 60_000;
/** Sets the milliseconds between checks for idle connections while the server rejects new ones. */
const EVICT_MS = 1_000;

/** Holds the Fastify options that both servers share. */
export const CONNECTION_OPTIONS = {
  requestTimeout: REQUEST_MS,
  connectionTimeout: SILENCE_MS,
  // Node raises the request timeout to `headersTimeout` when that is longer.
  http: {
    headersTimeout: REQUEST_MS,
    connectionsCheckingInterval: REQUEST_MS / 3,
    ServerResponse: LingeringResponse,
    ...NO_HOST_CHECK,
  },
} as const;

/**
 * Rejects connections beyond `most`, and closes idle ones, so that callers who hold connections open do not
 * block others.
 */
export function boundConnections({ server }: FastifyInstance, most: number): void {
  server.maxConnections = most;
  let evictedAt = -Infinity;
  server.on('drop', () => {
    if (performance.now() - evictedAt < EVICT_MS) return;
    evictedAt = performance.now();
    server.closeIdleConnections();
  });
}
