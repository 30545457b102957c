/** OpenAPI 3.1 from the routes' schemas at /docs/json, as a page at /docs. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { withAccess } from '../../adapters/fastify/route-access.ts';

export const openapiPlugin = fp(
  async (app: FastifyInstance) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Citi Bike demand',
          description:
            'Trips per hour over the whole system, predicted from date and weather. Temperatures in °F, depths in inches, wind in mph, times of New York.',
          version: '1',
        },
        tags: [
          { name: 'predictions', description: 'Hours in, trips per hour out' },
          { name: 'models', description: 'What is loaded' },
          { name: 'operations', description: 'Probes and metrics' },
        ],
      },
    });
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
  },
  { name: 'openapi' },
);
