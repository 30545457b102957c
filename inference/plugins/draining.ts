/** Lets connections end while the service closes: Node closes those that are idle then, and would wait for the others' time-out. */
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

const SWEEP_MS = 100;

export default fp(
  (app: FastifyInstance) => {
    let sweep: NodeJS.Timeout | undefined;
    app.addHook('preClose', (done) => {
      // For answers that were begun before and are still being read.
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
