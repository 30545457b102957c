/**
 * Closes connections as they become idle during shutdown. Node closes only those that are idle at its start, and would wait for
 * the others' timeout.
 */
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

const SWEEP_MS = 100;

export default fp(
  (app: FastifyInstance) => {
    let sweep: NodeJS.Timeout | undefined;
    app.addHook('preClose', (done) => {
      // These closes cover answers that began earlier and are still being read.
      sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS);
      done();
    });
    app.addHook('onSend', (_request, reply, payload, done) => {
      if (sweep) void reply.header('connection', 'close');
      done(null, payload);
    });
    app.addHook('onClose', () => clearInterval(sweep));
  },
  { name: 'draining' },
);
