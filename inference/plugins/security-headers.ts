/** Headers for an API without a page of its own. No CORS: browsers of other sites have no business here. */
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

export const securityHeadersPlugin = fp(
  async (app: FastifyInstance) => {
    await app.register(helmet, {
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      },
      // Whether this host speaks TLS is for the proxy in front to say.
      strictTransportSecurity: false,
    });
  },
  { name: 'security-headers' },
);
