/**
 * Closes connections during shutdown. A caller may send a request on an open connection at the moment at which the service closes it,
 * and such a request fails. For a while, the service therefore only asks callers to close: each answer carries `connection: close`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { ServiceOptions } from '../options.ts';

const SWEEP_MS = 100;
/** Sets the time without a new connection after which balancers send no more. */
const QUIET_MS = 1_000;

export default fp<ServiceOptions>(
  (app: FastifyInstance, { drainMs = 0 }) => {
    let isDraining = false;
    let sweep: NodeJS.Timeout | undefined;
    let connectedAt = 0;
    app.server.on('connection', () => (connectedAt = performance.now()));
    app.addHook('preClose', async () => {
      isDraining = true;
      const startedAt = performance.now();
      const isQuiet = (): boolean => performance.now() - Math.max(startedAt, connectedAt) >= QUIET_MS;
      while (performance.now() - startedAt < drainMs && (!isQuiet() || (await hasConnections(app))))
        await sleep(SWEEP_MS);
      // Node closes only the connections that are idle at its start, and would wait for the others' timeout.
      sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS);
    });
    app.addHook('onSend', (_request, reply, payload, done) => {
      // Fastify sets the header for requests that begin from now on. This one covers those in flight.
      if (isDraining) void reply.header('connection', 'close');
      done(null, payload);
    });
    app.addHook('onClose', () => clearInterval(sweep));
  },
  { name: 'draining' },
);

function hasConnections({ server }: FastifyInstance): Promise<boolean> {
  return new Promise((resolve) => {
    server.getConnections((error, count) => resolve(error === null && count > 0));
  });
}
