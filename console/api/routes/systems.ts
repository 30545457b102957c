import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { SystemsAnswer } from '../schemas/systems.ts';

/** Serves GET /api/systems: the shipped systems and those of the setting SYSTEMS_DIR. */
const routes: FastifyPluginAsyncTypebox = async (app) => {
  const { systems, modelFor } = app.sources;
  app.get(
    '/api/systems',
    {
      config: { access: 'read' },
      schema: { tags: ['data'], summary: 'Bike-share systems', response: { 200: SystemsAnswer } },
    },
    async (request) => {
      const known = await systems.list((error) => request.log.warn(error.message));
      return {
        items: await Promise.all(
          known.map(async ({ id, name, brand, timeZone }) => ({
            id,
            name,
            brand,
            timeZone,
            model: await modelFor(id),
          })),
        ),
      };
    },
  );
};

export default routes;
