/** Serves MLflow's runs, and drift. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { histogramsIn } from '../drift-histograms.ts';
import { fromCursor, toCursor } from '../cursor.ts';
import { experimentDetail } from '../model-detail.ts';
import { UriQuery } from '../schemas/artifacts.ts';
import { INVALID, NOT_FOUND } from '../schemas/common.ts';
import { RunDetails } from '../run-detail.ts';
import { trainingFromSearch } from '../training-from-search.ts';
import {
  DriftAnswer,
  DriftQuery,
  ExperimentAnswer,
  ExperimentPage,
  ExperimentQuery,
  HistogramAnswer,
  TrainingFromSearchAnswer,
} from '../schemas/models.ts';

const routes: FastifyPluginAsyncTypebox = async (app) => {
  const { upstreams, registry, records, storage } = app.sources;
  const details = new RunDetails(app.sources);

  app.get(
    '/api/experiments',
    {
      config: { access: 'read' },
      schema: {
        tags: ['experiments'],
        summary: 'Runs of the experiment',
        querystring: ExperimentQuery,
        response: { 200: ExperimentPage, ...INVALID },
      },
    },
    async ({ query: { sort = 'startedAt', order = 'desc', q, topLevel, limit = 50, cursor } }) => {
      const token = fromCursor(cursor, 'token');
      const page = await upstreams.ask('mlflow', () =>
        registry.runs({ sort, order, q, topLevel, limit, cursor: token && String(token.token) }),
      );
      return {
        data: { items: page && page.items, nextCursor: page?.next ? toCursor({ token: page.next }) : null },
        upstreams: upstreams.bodyOf('mlflow'),
      };
    },
  );

  app.get(
    '/api/experiments/:runId',
    {
      config: { access: 'read' },
      schema: {
        tags: ['experiments'],
        summary: 'A run: curves, files, trials',
        params: Type.Object({
          runId: Type.String({ pattern: '^[\\w-]{1,100}$', description: "a run's id" }),
        }),
        response: { 200: ExperimentAnswer, ...NOT_FOUND, ...INVALID },
      },
    },
    async ({ params }) => ({
      data: await experimentDetail(app.sources, params.runId),
      upstreams: upstreams.bodyOf('mlflow', 's3'),
    }),
  );

  app.get(
    '/api/searches/:id/training-input',
    {
      config: { access: 'read' },
      schema: {
        tags: ['experiments'],
        summary: 'Input of a training with the hyper-parameters of a search',
        params: Type.Object({
          id: Type.String({
            minLength: 1,
            maxLength: 1000,
            description: 'MLflow run of a search or a trial, or workflow id of a search',
          }),
        }),
        response: { 200: TrainingFromSearchAnswer, ...NOT_FOUND, ...INVALID },
      },
    },
    async ({ params }) => ({
      data: await trainingFromSearch(app.sources, details, params.id),
      upstreams: upstreams.bodyOf('mlflow', 's3'),
    }),
  );

  app.get(
    '/api/drift',
    {
      config: { access: 'read' },
      schema: {
        tags: ['drift'],
        summary: 'Weeks, columns and decisions',
        querystring: DriftQuery,
        response: { 200: DriftAnswer, ...INVALID },
      },
    },
    async ({ query }) => {
      const drift = await upstreams.ask('postgres', () => records.drift(query.system, query.model));
      return {
        data: {
          systems: drift?.systems ?? [],
          weeks: drift && drift.weeks,
          columns: drift && drift.columns,
          decisions: drift && drift.decisions,
        },
        upstreams: upstreams.bodyOf('postgres'),
      };
    },
  );

  app.get(
    '/api/drift/histograms',
    {
      config: { access: 'read' },
      schema: {
        tags: ['drift'],
        summary: 'Histograms of each column, from the report of a drift check',
        querystring: UriQuery,
        response: { 200: HistogramAnswer, ...NOT_FOUND, ...INVALID },
      },
    },
    async ({ query: { uri } }) => ({
      data: await upstreams.ask('s3', async () => histogramsIn(await storage.json(uri), uri)),
      upstreams: upstreams.bodyOf('s3'),
    }),
  );
};

export default routes;
