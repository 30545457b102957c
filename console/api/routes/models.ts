/** Serves registered models and actions on them. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { RollbackInput } from '../../../contracts/workflows/rollback.ts';
import { parseInput } from '../../../contracts/parse-input.ts';
import { audited } from '../audited.ts';
import { fromCursor, toCursor } from '../cursor.ts';
import { identityOf } from '../plugins/access.ts';
import { versionDetail } from '../model-detail.ts';
import { ACTION_PROBLEMS, INVALID, NOT_FOUND, Started } from '../schemas/common.ts';
import {
  ApprovalAction,
  CompareAnswer,
  CompareQuery,
  ModelAnswer,
  ModelList,
  ModelParams,
  ModelQuery,
  PromoteBody,
  RollbackBody,
  VersionAnswer,
  VersionParams,
} from '../schemas/models.ts';
import { RunParams } from '../schemas/runs.ts';
import { desiredState, liveProcesses } from '../../../adapters/postgres/serving.ts';

const tags = ['models'];
const security = [{ token: [] }];

const routes: FastifyPluginAsyncTypebox = async (app) => {
  const { upstreams, temporal, registry, database } = app.sources;

  app.get(
    '/api/models',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'Registered models', response: { 200: ModelList } },
    },
    async () => {
      const models = await upstreams.ask('mlflow', () => registry.models());
      const items =
        models &&
        models.map(({ name, aliases, newestVersion, updatedAt }) => ({
          name,
          versions: newestVersion,
          aliases: { ...aliases },
          updatedAt: new Date(updatedAt).toISOString(),
        }));
      return { data: { items }, upstreams: upstreams.bodyOf('mlflow') };
    },
  );

  app.get(
    '/api/models/:name',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Versions of a model, newest first, and the processes that serve it',
        params: ModelParams,
        querystring: ModelQuery,
        response: { 200: ModelAnswer, ...NOT_FOUND, ...INVALID },
      },
    },
    async ({ params: { name }, query: { limit = 50, cursor } }) => {
      const after = Number(fromCursor(cursor, 'after')?.after ?? 0);
      const [versions, served] = await Promise.all([
        upstreams.ask('mlflow', () => registry.versions(name)),
        upstreams.ask('postgres', () =>
          Promise.all([desiredState(database, name), liveProcesses(database, name)]),
        ),
      ]);
      const items = versions && versions.slice(after, after + limit);
      const [desired, processes = []] = served ?? [];
      return {
        data: {
          name,
          aliases: Object.fromEntries(
            (versions ?? []).flatMap(({ aliases, version }) => aliases.map((alias) => [alias, version])),
          ),
          items,
          nextCursor: versions && versions.length > after + limit ? toCursor({ after: after + limit }) : null,
          total: versions?.length ?? 0,
          serving: served && {
            desiredVersion: desired?.desiredVersion ?? null,
            generation: desired?.generation ?? 0,
            reason: desired?.reason ?? '',
            processes: processes.map(({ address, servedVersion }) => ({
              address,
              version: servedVersion,
            })),
          },
        },
        upstreams: upstreams.bodyOf('mlflow', 'postgres'),
      };
    },
  );

  app.get(
    '/api/models/:name/versions/:version',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'A version: parameters, curves, evaluation',
        params: VersionParams,
        response: { 200: VersionAnswer, ...NOT_FOUND, ...INVALID },
      },
    },
    async ({ params }) => ({
      data: await versionDetail(app.sources, params.name, params.version),
      upstreams: upstreams.bodyOf('mlflow', 's3'),
    }),
  );

  app.get(
    '/api/models/:name/compare',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Two versions side by side',
        params: ModelParams,
        querystring: CompareQuery,
        response: { 200: CompareAnswer, ...NOT_FOUND, ...INVALID },
      },
    },
    async ({ params: { name }, query }) => {
      const [a, b] = await Promise.all(
        [query.a, query.b].map((version) => versionDetail(app.sources, name, version)),
      );
      return { data: a && b ? { a, b } : null, upstreams: upstreams.bodyOf('mlflow', 's3') };
    },
  );

  for (const [action, body, summary] of [
    ['promote', PromoteBody, 'Make a version champion and serve it, by a decision of a person'],
    ['rollback', RollbackBody, 'Roll back to the previous version, or to one by number'],
  ] as const) {
    app.post(
      `/api/models/:name/${action}`,
      {
        config: { access: 'act' },
        schema: {
          tags,
          security,
          summary,
          params: ModelParams,
          body,
          response: { 201: Started, ...ACTION_PROBLEMS, ...NOT_FOUND },
        },
      },
      async (request, reply) => {
        const { name } = request.params;
        const { version, reason } = request.body;
        const input = parseInput('rollback', RollbackInput, {
          model: name,
          version,
          reason: `${reason} (${identityOf(request).name}, console)`,
        });
        const id = `${action}-${name}-${new Date().toISOString().replace(/[:.]/g, '-')}`;
        // The workflow proves the version, points the alias and waits until it is served.
        const started = await audited(
          request,
          { target: `${name}${version ? ` version ${version}` : ''}`, starts: id },
          () =>
            upstreams.need('temporal', () => temporal.start('rollback', id, input, identityOf(request).name)),
        );
        return reply.code(201).send(started);
      },
    );
  }

  app.post(
    '/api/approvals/:workflowId',
    {
      config: { access: 'act' },
      schema: {
        tags,
        security,
        summary: 'Approve or reject a promotion that waits for a person',
        params: RunParams,
        body: ApprovalAction,
        response: {
          200: Type.Object({ version: Type.String(), approve: Type.Boolean() }),
          ...ACTION_PROBLEMS,
          ...NOT_FOUND,
        },
      },
    },
    async (request) => {
      const { workflowId } = request.params;
      const { approve, reason } = request.body;
      return audited(request, { target: workflowId }, () =>
        upstreams.need('temporal', () =>
          temporal.update<{ version: string; approve: boolean }>(workflowId, 'approvePromotion', {
            approve,
            reason,
            by: identityOf(request).name,
          }),
        ),
      );
    },
  );
};

export default routes;
