/** Serves GET /v1/forecast: trips of the next hours, from memory. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { DEFAULT_FORECAST } from '../default-forecast.ts';
import { matchesEtag } from '../matches-etag.ts';
import type { ServiceOptions } from '../options.ts';
import { Forecast, ForecastQuery } from '../schemas/forecast.ts';
import { FORECAST_PROBLEMS } from '../schemas/problem.ts';

const routes: FastifyPluginAsyncTypebox<ServiceOptions> = async (app, { apiKeys }) => {
  // A shared cache must not answer callers without a key.
  const scope = apiKeys ? 'private' : 'public';
  app.get(
    '/v1/forecast',
    {
      config: { access: 'read' },
      schema: {
        tags: ['predictions'],
        summary: 'Forecast the next hours',
        description:
          'The answer is read from memory. Its ETag stays the same until an hour ends or a new forecast is issued; If-None-Match then gives 304.',
        querystring: ForecastQuery,
        response: {
          // The bytes are those of the schema's JSON.
          200: Type.Unsafe<Buffer>(Forecast),
          304: Type.Unsafe<undefined>(
            Type.Null({ description: 'The forecast with this ETag is still the current one.' }),
          ),
          ...FORECAST_PROBLEMS,
        },
      },
    },
    (request, reply) => {
      const { hours = DEFAULT_FORECAST.hours, interval = DEFAULT_FORECAST.interval } = request.query;
      const { bytes, etag, maxAge } = app.forecasts.answer(Date.now(), { hours, interval });
      void reply.header('etag', etag).header('cache-control', `${scope}, max-age=${maxAge}`);
      const known = request.headers['if-none-match'];
      if (known !== undefined && matchesEtag(known, etag)) void reply.code(304).send(undefined);
      else void reply.type('application/json; charset=utf-8').send(bytes);
    },
  );
};

export default routes;
