/** Serves GET /docs and /docs/json: the OpenAPI document as a page and as JSON. */
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { withAccess } from '../../adapters/fastify/route-access.ts';

export default async function routes(app: FastifyInstance): Promise<void> {
  await app.register(withAccess('read', swaggerUi), {
    routePrefix: '/docs',
    staticCSP: {
      'default-src': ["'self'"],
      'img-src': ["'self'", 'data:'],
      'style-src': ["'self'", "'unsafe-inline'"],
      'frame-ancestors': ["'none'"],
    },
    uiConfig: { tryItOutEnabled: true },
  });
}
