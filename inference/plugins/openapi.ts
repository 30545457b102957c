/** Collects an OpenAPI 3.1 document from the schemas of the routes. */
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { TSchema } from 'typebox';
import { withComponents } from '../../adapters/fastify/openapi-components.ts';
import type { ServiceOptions } from '../options.ts';
import { COMPONENTS } from '../schemas/components.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Body as callers may send it, if a hook changes it before the validation. */
    documentedBody?: TSchema;
  }
}

export default fp<ServiceOptions>(
  async (app: FastifyInstance, { apiKeys }) => {
    // The document always declares the security schemes.
    const needsKey = apiKeys !== undefined;
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Citi Bike demand',
          description:
            'Trips per hour over the whole system, predicted from date and weather. Temperatures in °F, depths in inches, wind in mph, times on the local clock of the system.',
          version: '1',
        },
        tags: [
          { name: 'predictions', description: 'Predictions of trips per hour' },
          { name: 'models', description: 'Loaded models' },
          { name: 'operations', description: 'Probes and metrics' },
        ],
        components: {
          securitySchemes: {
            bearer: {
              type: 'http',
              scheme: 'bearer',
              description: 'A key created by `citibike api-key create`.',
            },
            apiKey: {
              type: 'apiKey',
              in: 'header',
              name: 'X-API-Key',
              description: 'The same key in another header.',
            },
          },
        },
        ...(needsKey ? { security: [{ bearer: [] }, { apiKey: [] }] } : {}),
      },
      transform: ({ schema, url, route: { config } }) => ({
        url,
        schema: {
          ...schema,
          ...(config?.documentedBody ? { body: config.documentedBody } : {}),
          ...(needsKey && config?.access === 'public' ? { security: [] } : {}),
        },
      }),
      transformObject: (document) =>
        'openapiObject' in document
          ? withComponents(document.openapiObject, COMPONENTS)
          : document.swaggerObject,
    });
  },
  { name: 'openapi' },
);
