/**
 * Sets headers for an API without pages (/docs has its own policy). There is no CORS, because pages of other sites do not need
 * this service.
 */
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

/** The proxy in front decides on TLS, so there is no Strict-Transport-Security. */
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
