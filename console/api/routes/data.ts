/** Serves months of data. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { INVALID, NOT_FOUND } from '../schemas/common.ts';
import { DataAnswer, MonthAnswer, MonthParams } from '../schemas/data.ts';

const routes: FastifyPluginAsyncTypebox = async (app) => {
  const { upstreams, storage, months } = app.sources;

  app.get(
    '/api/data',
    {
      config: { access: 'read' },
      schema: {
        tags: ['data'],
        summary: 'Months by system and rule set',
        querystring: Type.Object({ system: Type.Optional(Type.String({ maxLength: 50 })) }),
        response: { 200: DataAnswer },
      },
    },
    async ({ query }) => {
      // The first call reads a pointer and a report per month.
      const [listed, explorations] = await Promise.all([
        upstreams.ask('s3', () => months.all(), 20_000),
        upstreams.ask('s3', () => storage.explorations()),
      ]);
      const isAsked = ({ system }: { readonly system: string }) =>
        query.system === undefined || system === query.system;
      return {
        data: {
          systems: [...new Set((listed ?? []).map(({ system }) => system))],
          months: listed && listed.filter(isAsked),
          explorations: explorations && explorations.filter(isAsked),
        },
        upstreams: upstreams.bodyOf('s3'),
      };
    },
  );

  app.get(
    '/api/data/:system/:rules/:month',
    {
      config: { access: 'read' },
      schema: {
        tags: ['data'],
        summary: 'A month: quality report, facts, hours',
        params: MonthParams,
        response: { 200: MonthAnswer, ...NOT_FOUND, ...INVALID },
      },
    },
    async ({ params }) => ({
      data: await upstreams.ask('s3', () => months.one(params.system, params.rules, params.month), 10_000),
      upstreams: upstreams.bodyOf('s3'),
    }),
  );
};

export default routes;
