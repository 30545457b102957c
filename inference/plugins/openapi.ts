/** OpenAPI 3.1 from the routes' schemas at /docs/json, as a page at /docs. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { withAccess } from '../../adapters/fastify/route-access.ts';

export interface OpenapiOptions {
  /** True if callers need a key; the security schemes are declared in any case. */
  readonly needsKey: boolean;
}

export const openapiPlugin = fp<OpenapiOptions>(
  async (app: FastifyInstance, { needsKey }) => {
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
        components: {
          securitySchemes: {
            bearer: { type: 'http', scheme: 'bearer', description: 'A key of `citibike api-key create`.' },
            apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'The same key.' },
          },
        },
        ...(needsKey ? { security: [{ bearer: [] }, { apiKey: [] }] } : {}),
      },
      transform: ({ schema, url, route }) => ({
        url,
        schema: needsKey && route.config?.access === 'public' ? { ...schema, security: [] } : schema,
      }),
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
