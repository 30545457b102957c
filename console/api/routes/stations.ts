/** Serves departures, arrivals and net flow of stations. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { INVALID, NOT_FOUND } from '../schemas/common.ts';
import { StationsAnswer, StationsQuery } from '../schemas/stations.ts';
import { StationMonths } from '../stations.ts';

const routes: FastifyPluginAsyncTypebox = async (app) => {
  const { storage, months, upstreams } = app.sources;
  const stations = new StationMonths(storage, months);

  app.get(
    '/api/stations',
    {
      config: { access: 'read' },
      schema: {
        tags: ['data'],
        summary: 'Departures, arrivals and net flow of the stations of a month at one hour of the day',
        querystring: StationsQuery,
        response: { 200: StationsAnswer, ...NOT_FOUND, ...INVALID },
      },
    },
    async ({ query }) => ({
      data: await upstreams.ask('s3', () => stations.answer(query), 20_000),
      upstreams: upstreams.bodyOf('s3'),
    }),
  );
};

export default routes;
