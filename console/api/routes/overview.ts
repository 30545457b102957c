import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Overview } from '../overview.ts';
import { OverviewAnswer } from '../schemas/overview.ts';

/** GET /api/overview: the first page. */
export const overviewRoutes: FastifyPluginAsyncTypebox<{ model: string }> = async (app, { model }) => {
  const overview = new Overview(app.sources, model);
  app.get(
    '/api/overview',
    {
      config: { access: 'read' },
      schema: { tags: ['overview'], summary: 'The loop at a glance', response: { 200: OverviewAnswer } },
    },
    async () => ({
      data: await overview.get(),
      upstreams: app.sources.upstreams.bodyOf('temporal', 'mlflow', 'postgres'),
    }),
  );
};
