/** Serves runs: lists, pages and actions. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { STARTABLE_WORKFLOWS } from '../../../contracts/workflows/index.ts';
import { parseNewInput } from '../../../contracts/new-input.ts';
import { showValue } from '../../../contracts/show-value.ts';
import { audited } from '../audited.ts';
import { fromCursor, toCursor } from '../cursor.ts';
import { identityOf } from '../plugins/access.ts';
import { HttpProblem } from '../../../adapters/fastify/problem.ts';
import { withSystems } from '../with-systems.ts';
import { RunDetails } from '../run-detail.ts';
import { listRuns, withProgress } from '../run-list.ts';
import { ACTION_PROBLEMS, Done, INVALID, NOT_FOUND, Reason, Started } from '../schemas/common.ts';
import {
  RunAnswer,
  RunIdQuery,
  RunPage,
  RunParams,
  RunQuery,
  StartRunBody,
  StepAnswer,
  WorkflowTypes,
} from '../schemas/runs.ts';

const tags = ['runs'];
const security = [{ token: [] }];
const ReasonBody = Type.Object({ reason: Reason }, { additionalProperties: false });

const routes: FastifyPluginAsyncTypebox = async (app) => {
  const { sources } = app;
  const { upstreams, temporal } = sources;
  const details = new RunDetails(sources);

  app.get(
    '/api/runs',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Runs, newest first',
        querystring: RunQuery,
        response: { 200: RunPage, ...INVALID },
      },
    },
    async ({ query }) => {
      const cursor = fromCursor(query.cursor, 'before');
      const { items, nextBefore } = await listRuns(
        sources,
        query,
        query.limit ?? 50,
        cursor && String(cursor.before),
      );
      return {
        data: {
          items: items && (await withProgress(sources, items)),
          nextCursor: nextBefore === null ? null : toCursor({ before: nextBefore }),
        },
        upstreams: upstreams.bodyOf('temporal', 'postgres'),
      };
    },
  );

  app.get(
    '/api/runs/:workflowId',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'A run with its steps',
        params: RunParams,
        querystring: RunIdQuery,
        response: { 200: RunAnswer, ...NOT_FOUND },
      },
    },
    async ({ params, query }) => {
      const data = await details.get(params.workflowId, query.runId);
      return { data, upstreams: upstreams.bodyOf('temporal', 'postgres') };
    },
  );

  app.get(
    '/api/runs/:workflowId/steps/:step',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'One step, with its input and output',
        params: Type.Object({ ...RunParams.properties, step: Type.String({ maxLength: 200 }) }),
        querystring: RunIdQuery,
        response: { 200: StepAnswer, ...NOT_FOUND },
      },
    },
    async ({ params, query }) => {
      const data = await details.step(params.workflowId, query.runId, params.step);
      return { data, upstreams: upstreams.bodyOf('temporal') };
    },
  );

  app.get(
    '/api/workflow-types',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Workflows that can be started, with the schema of their input',
        response: { 200: WorkflowTypes },
      },
    },
    async () => {
      const ids = await app.sources.systems.ids();
      return {
        items: [...STARTABLE_WORKFLOWS.values()].map(({ name, title, description, input, start }) => ({
          type: name,
          title,
          description,
          schema: withSystems(input, ids),
          example: start.example,
        })),
      };
    },
  );

  app.post(
    '/api/runs',
    {
      config: { access: 'act' },
      schema: {
        tags,
        security,
        summary: 'Start a run',
        body: StartRunBody,
        response: { 201: Started, ...ACTION_PROBLEMS },
      },
    },
    async (request, reply) => {
      const { type, input, workflowId } = request.body;
      if (!STARTABLE_WORKFLOWS.has(type)) {
        const message = `expected one of ${[...STARTABLE_WORKFLOWS.keys()].join(', ')}`;
        throw new HttpProblem(422, 'invalid-input', `type: got ${showValue(type)}, ${message}`, {
          errors: [{ field: 'type', message }],
        });
      }
      const parsed = parseNewInput(type, input);
      const id = workflowId ?? newWorkflowId(type);
      const started = await audited(request, { target: id, starts: id }, () =>
        upstreams.need('temporal', () => temporal.start(type, id, parsed, identityOf(request).name)),
      );
      return reply.code(201).send(started);
    },
  );

  app.post(
    '/api/runs/:workflowId/cancel',
    {
      config: { access: 'act' },
      schema: {
        tags,
        security,
        summary: 'Cancel a run, which then cleans up',
        params: RunParams,
        body: ReasonBody,
        response: { 200: Done, ...ACTION_PROBLEMS, ...NOT_FOUND },
      },
    },
    async (request) => {
      const { workflowId } = request.params;
      await audited(request, { target: workflowId }, () =>
        upstreams.need('temporal', () => temporal.cancel(workflowId)),
      );
      return { done: true as const };
    },
  );

  app.post(
    '/api/runs/:workflowId/terminate',
    {
      config: { access: 'act' },
      schema: {
        tags,
        security,
        summary: 'Terminate a run at once, without clean-up',
        params: RunParams,
        body: ReasonBody,
        response: { 200: Done, ...ACTION_PROBLEMS, ...NOT_FOUND },
      },
    },
    async (request) => {
      const { workflowId } = request.params;
      const reason = `${request.body.reason} (${identityOf(request).name}, console)`;
      await audited(request, { target: workflowId }, () =>
        upstreams.need('temporal', () => temporal.terminate(workflowId, reason)),
      );
      return { done: true as const };
    },
  );

  app.post(
    '/api/runs/:workflowId/retry',
    {
      config: { access: 'act' },
      schema: {
        tags,
        security,
        summary: 'Start the same input as a new run, which reuses finished steps',
        params: RunParams,
        querystring: RunIdQuery,
        body: ReasonBody,
        response: { 201: Started, ...ACTION_PROBLEMS, ...NOT_FOUND },
      },
    },
    async (request, reply) => {
      const { workflowId } = request.params;
      const detail = await details.get(workflowId, request.query.runId);
      if (!detail)
        throw new HttpProblem(
          503,
          'upstream-unavailable',
          'Neither Temporal nor Postgres answers, so the input of the run is unknown.',
        );
      const { type, state } = detail.run;
      if (state === 'running')
        throw new HttpProblem(409, 'conflict', `${workflowId} still runs: Temporal retries its steps.`);
      if (!STARTABLE_WORKFLOWS.has(type))
        throw new HttpProblem(
          422,
          'invalid-input',
          `Only other workflows start ${type}. Start the workflow that started it again.`,
        );
      const input = parseNewInput(type, detail.input);
      const id = newWorkflowId(type);
      const started = await audited(request, { target: workflowId, starts: id }, () =>
        upstreams.need('temporal', () => temporal.start(type, id, input, identityOf(request).name)),
      );
      return reply.code(201).send(started);
    },
  );
};

export default routes;

function newWorkflowId(type: string): string {
  return `${type}-${new Date().toISOString().replace(/[:.]/g, '-')}`;
}
