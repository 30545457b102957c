import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { SystemQuery } from '../schemas/common.ts';
import { Overview } from '../overview.ts';
import { OverviewAnswer } from '../schemas/overview.ts';

/** Serves GET /api/overview, the first page. */
const routes: FastifyPluginAsyncTypebox = async (app) => {
  const overview = new Overview(app.sources);
  app.get(
    '/api/overview',
    {
      config: { access: 'read' },
      schema: {
        tags: ['overview'],
        summary: 'What is served, what needs a person, and the pipeline; of one system if named',
        querystring: Type.Object({ system: Type.Optional(SystemQuery) }),
        response: { 200: OverviewAnswer },
      },
    },
    async ({ query }) => ({
      data: await overview.get(query.system),
      upstreams: app.sources.upstreams.bodyOf('temporal', 'mlflow', 'postgres', 'inference'),
    }),
  );
};

export default routes;
