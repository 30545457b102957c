/** The prediction service, for a form and a curve. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { INVALID } from '../schemas/common.ts';
import { DayQuery, PredictAnswer, PredictRow } from '../schemas/operations.ts';

export const predictRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const { upstreams, prediction } = app.sources;

  // A POST because the service's own is one; it changes nothing.
  app.post(
    '/api/predict',
    {
      config: { access: 'read' },
      schema: {
        tags: ['predict'],
        summary: 'Predict an hour',
        body: Type.Object(
          { input_data: Type.Array(PredictRow, { minItems: 1, maxItems: 48 }) },
          { additionalProperties: false },
        ),
        response: { 200: PredictAnswer, ...INVALID },
      },
    },
    async ({ body }) => ({
      data: await upstreams.ask('inference', () => prediction.predict(body.input_data)),
      upstreams: upstreams.bodyOf('inference'),
    }),
  );

  app.get(
    '/api/predict/day',
    {
      config: { access: 'read' },
      schema: {
        tags: ['predict'],
        summary: 'The 24 hours of a day',
        querystring: DayQuery,
        response: { 200: PredictAnswer, ...INVALID },
      },
    },
    async ({ query: { date, SNOW = 0, ...weather } }) => {
      const rows = Array.from({ length: 24 }, (_, hour) => ({
        date: `${date}T${String(hour).padStart(2, '0')}:00`,
        SNOW,
        ...weather,
      }));
      return {
        data: await upstreams.ask('inference', () => prediction.predict(rows)),
        upstreams: upstreams.bodyOf('inference'),
      };
    },
  );
};
