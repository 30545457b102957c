import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { ConsoleOptions } from '../options.ts';
import { Overview } from '../overview.ts';
import { OverviewAnswer } from '../schemas/overview.ts';

/** Serves GET /api/overview, the first page. */
const routes: FastifyPluginAsyncTypebox<ConsoleOptions> = async (app, { facts: { modelName } }) => {
  const overview = new Overview(app.sources, modelName);
  app.get(
    '/api/overview',
    {
      config: { access: 'read' },
      schema: { tags: ['overview'], summary: 'Overview of the loop', response: { 200: OverviewAnswer } },
    },
    async () => ({
      data: await overview.get(),
      upstreams: app.sources.upstreams.bodyOf('temporal', 'mlflow', 'postgres'),
    }),
  );
};

export default routes;
