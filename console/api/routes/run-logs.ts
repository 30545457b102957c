/** Serves the logs of a run's steps, whole or page by page while they grow. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { HttpProblem } from '../../../adapters/fastify/problem.ts';
import { showValue } from '../../../contracts/show-value.ts';
import { RunDetails } from '../run-detail.ts';
import { MergedLog } from '../merged-log.ts';
import { INVALID, NOT_FOUND } from '../schemas/common.ts';
import { AttemptLogs, LogPageAnswer, LogPageQuery, LogTextQuery, StepName } from '../schemas/run-logs.ts';
import { RunIdQuery, RunParams } from '../schemas/runs.ts';
import { MOST_WHOLE_BYTES, StepLogReader } from '../step-log-reader.ts';

const tags = ['runs'];

const routes: FastifyPluginAsyncTypebox = async (app) => {
  const { sources } = app;
  const { upstreams, storage } = sources;
  const details = new RunDetails(sources);
  const logs = new StepLogReader(storage);
  const merged = new MergedLog(details, logs);

  app.get(
    '/api/runs/:workflowId/logs',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary:
          'Log of a step, attempt by attempt; without a step, of all steps and child runs in order of time',
        produces: ['text/plain'],
        params: RunParams,
        querystring: LogTextQuery,
      },
    },
    async ({ params: { workflowId }, query: { step, last = MOST_WHOLE_BYTES, ...query } }, reply) => {
      const runId = query.runId ?? (await newestRunId(workflowId));
      const text = await upstreams.need('s3', () =>
        step === undefined
          ? merged.text(workflowId, runId, last)
          : logs.whole({ workflowId, runId, activityId: step }),
      );
      if (text === '' && step !== undefined)
        throw new HttpProblem(
          404,
          'not-found',
          `There is no log of step ${showValue(step)} yet; the worker writes it while the step runs.`,
        );
      return reply.type('text/plain; charset=utf-8').header('x-content-type-options', 'nosniff').send(text);
    },
  );

  app.get(
    '/api/runs/:workflowId/logs/attempts',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Attempts that have a log, with its size so far',
        params: RunParams,
        querystring: RunIdQuery,
        response: { 200: AttemptLogs, ...NOT_FOUND },
      },
    },
    async ({ params: { workflowId }, query }) => {
      const runId = query.runId ?? (await newestRunId(workflowId));
      const items = await upstreams.ask('s3', () => logs.attempts({ workflowId, runId }));
      return { data: { items }, upstreams: upstreams.bodyOf('s3') };
    },
  );

  app.get(
    '/api/runs/:workflowId/steps/:step/log',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'A page of the log of an attempt: its end, or the lines from or before an offset',
        params: Type.Object({ ...RunParams.properties, step: StepName }),
        querystring: LogPageQuery,
        response: { 200: LogPageAnswer, ...NOT_FOUND, ...INVALID },
      },
    },
    async ({ params: { workflowId, step }, query }) => {
      const runId = query.runId ?? (await newestRunId(workflowId));
      const key = { workflowId, runId, activityId: step };
      const data = await upstreams.ask('s3', () => logs.page(key, query));
      return { data, upstreams: upstreams.bodyOf('s3') };
    },
  );

  async function newestRunId(workflowId: string): Promise<string> {
    const found = await details.steps(workflowId);
    if (!found)
      throw new HttpProblem(
        503,
        'upstream-unavailable',
        'Neither Temporal nor Postgres answers; name the run by runId.',
      );
    return found.runId;
  }
};

export default routes;
