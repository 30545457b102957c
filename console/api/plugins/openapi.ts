/** Collects an OpenAPI 3.1 document from the schemas of the routes. */
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { withComponents } from '../../../adapters/fastify/openapi-components.ts';
import { COMPONENTS } from '../schemas/components.ts';

export default fp(
  async (app: FastifyInstance) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Citi Bike console',
          description:
            'Runs, data, artifacts, models and drift, and actions on them. Answers that need other servers report their state in `upstreams`; a panel whose server is down is null.',
          version: '1',
        },
        components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      },
      transformObject: (document) =>
        'openapiObject' in document
          ? withComponents(document.openapiObject, COMPONENTS)
          : document.swaggerObject,
    });
  },
  { name: 'openapi' },
);
