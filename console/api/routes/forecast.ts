/** Serves demand forecasts from Postgres: an issue with its history, and the scores of published months. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { HttpProblem } from '../../../adapters/fastify/problem.ts';
import { leadDayScores } from '../../../adapters/postgres/forecast-history.ts';
import { readIssue, systemRows } from '../forecast.ts';
import { INVALID, NOT_FOUND } from '../schemas/common.ts';
import {
  ForecastAnswer,
  ForecastQuery,
  ForecastScoresAnswer,
  ForecastScoresQuery,
} from '../schemas/forecast.ts';

const routes: FastifyPluginAsyncTypebox = async (app) => {
  const { database, modelFor, systems, upstreams } = app.sources;
  const placeOf = async (id: string) => {
    const known = await systems.ids();
    return known.includes(id) ? systems.get(id) : undefined;
  };

  app.get(
    '/api/forecast',
    {
      config: { access: 'read' },
      schema: {
        tags: ['forecast'],
        summary: 'An issue of the demand forecast, with earlier issues and actual trips of its hours',
        querystring: ForecastQuery,
        response: { 200: ForecastAnswer, ...NOT_FOUND, ...INVALID },
      },
    },
    async ({ query: { system, issuedAt } }) => {
      const model = await modelFor(system);
      const found = await upstreams.ask('postgres', async () => {
        const issue = await readIssue(database, { model, system, issuedAt }, placeOf);
        if (issue === undefined && issuedAt !== undefined)
          throw new HttpProblem(
            404,
            'not-found',
            `${model} has no forecast issued at ${issuedAt}. Leave out issuedAt for the newest one.`,
          );
        return { model, ...(issue ?? { issue: null, issues: [], earlier: [] }) };
      });
      return { data: found, upstreams: upstreams.bodyOf('postgres') };
    },
  );

  app.get(
    '/api/forecast/scores',
    {
      config: { access: 'read' },
      schema: {
        tags: ['forecast'],
        summary: 'Errors of forecasts by month and lead day',
        querystring: ForecastScoresQuery,
        response: { 200: ForecastScoresAnswer, ...INVALID },
      },
    },
    async ({ query: { system } }) => {
      const model = await modelFor(system);
      const scores = await upstreams.ask('postgres', () =>
        leadDayScores(database, model, systemRows(system)),
      );
      return { data: { model, scores }, upstreams: upstreams.bodyOf('postgres') };
    },
  );
};

export default routes;
