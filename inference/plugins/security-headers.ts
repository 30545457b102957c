/** Headers for an API without a page of its own (/docs brings its own policy). No CORS: browsers of other sites have no business here. */
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

/** Whether this host speaks TLS is for the proxy in front to say: no Strict-Transport-Security. */
const HEADERS = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

export default fp(
  (app: FastifyInstance) => {
    app.addHook('onRequest', (_request, reply, done) => {
      void reply.headers(HEADERS);
      done();
    });
  },
  { name: 'security-headers' },
);
