/** Serves status and audit. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { auditRecords } from '../../../adapters/postgres/console-audit.ts';
import { liveWorkers } from '../../../adapters/postgres/worker-processes.ts';
import { UPSTREAMS } from '../upstreams/upstreams.ts';
import { fromCursor, toCursor } from '../cursor.ts';
import type { ConsoleOptions } from '../options.ts';
import { webhookState } from '../webhook-state.ts';
import { INVALID, PageQuery } from '../schemas/common.ts';
import { AuditPage, StatusAnswer } from '../schemas/operations.ts';
import { Type } from '@fastify/type-provider-typebox';

const routes: FastifyPluginAsyncTypebox<ConsoleOptions> = async (app, { facts }) => {
  const { upstreams, prediction, database } = app.sources;

  app.get(
    '/api/status',
    {
      config: { access: 'read' },
      schema: {
        tags: ['operations'],
        summary: 'State of the servers that the console needs',
        response: { 200: StatusAnswer },
      },
    },
    async () => {
      const workers = upstreams.ask('postgres', () => liveWorkers(database));
      await upstreams.check(UPSTREAMS);
      return {
        data: { ...facts, predictUrl: prediction.address, webhook: webhookState(await workers) },
        upstreams: upstreams.bodyOf(...UPSTREAMS),
      };
    },
  );

  app.get(
    '/api/audit',
    {
      config: { access: 'read' },
      schema: {
        tags: ['operations'],
        summary: 'Actions, newest first',
        querystring: Type.Object(PageQuery),
        response: { 200: AuditPage, ...INVALID },
      },
    },
    async ({ query: { limit = 50, cursor } }) => {
      const before = fromCursor(cursor, 'before');
      const found = await upstreams.ask('postgres', () =>
        auditRecords(database, before && Number(before.before), limit),
      );
      const last = found && found.length === limit ? found.at(-1) : undefined;
      return {
        data: {
          items:
            found && found.map(({ at, detail, ...record }) => ({ ...record, detail, at: at.toISOString() })),
          nextCursor: last ? toCursor({ before: last.id }) : null,
        },
        upstreams: upstreams.bodyOf('postgres'),
      };
    },
  );
};

export default routes;
