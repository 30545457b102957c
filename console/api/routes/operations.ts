/** Serves status, schedules and audit. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { auditRecords } from '../../../adapters/postgres/console-audit.ts';
import { liveWorkers } from '../../../adapters/postgres/worker-processes.ts';
import { UPSTREAMS } from '../upstreams/upstreams.ts';
import { audited } from '../audited.ts';
import { fromCursor, toCursor } from '../cursor.ts';
import type { ConsoleOptions } from '../options.ts';
import { identityOf } from '../plugins/access.ts';
import { HttpProblem } from '../../../adapters/fastify/problem.ts';
import { scheduleBody } from '../schedule.ts';
import { webhookState } from '../webhook-state.ts';
import { ACTION_PROBLEMS, Done, INVALID, NOT_FOUND, PageQuery } from '../schemas/common.ts';
import {
  AuditPage,
  BackfillBody,
  NoBody,
  ScheduleAnswer,
  ScheduleParams,
  StatusAnswer,
} from '../schemas/operations.ts';
import { Type } from '@fastify/type-provider-typebox';

const security = [{ token: [] }];

const routes: FastifyPluginAsyncTypebox<ConsoleOptions> = async (app, { facts }) => {
  const { upstreams, temporal, prediction, database } = app.sources;

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
    '/api/schedules',
    {
      config: { access: 'read' },
      schema: {
        tags: ['schedules'],
        summary: 'Schedules and their next times',
        response: { 200: ScheduleAnswer },
      },
    },
    async () => {
      const items = await upstreams.ask('temporal', async () =>
        (await temporal.schedules()).map(scheduleBody),
      );
      return { data: { items }, upstreams: upstreams.bodyOf('temporal') };
    },
  );

  for (const [kind, summary] of [
    ['pause', 'Pause a schedule'],
    ['unpause', 'Resume a schedule'],
    ['trigger', 'Trigger a schedule now'],
  ] as const) {
    app.post(
      `/api/schedules/:id/${kind}`,
      {
        config: { access: 'act' },
        schema: {
          tags: ['schedules'],
          security,
          summary,
          params: ScheduleParams,
          body: NoBody,
          response: { 200: Done, ...ACTION_PROBLEMS, ...NOT_FOUND },
        },
      },
      async (request) => {
        const { id } = request.params;
        const note = `${kind} by ${identityOf(request).name}, console`;
        const change = kind === 'trigger' ? ({ kind } as const) : { kind, note };
        await audited(request, { target: id }, () =>
          upstreams.need('temporal', () => temporal.changeSchedule(id, change)),
        );
        return { done: true as const };
      },
    );
  }

  app.post(
    '/api/schedules/:id/backfill',
    {
      config: { access: 'act' },
      schema: {
        tags: ['schedules'],
        security,
        summary: 'Backfill: start what a schedule would have started in a span of time',
        params: ScheduleParams,
        body: BackfillBody,
        response: { 200: Done, ...ACTION_PROBLEMS, ...NOT_FOUND },
      },
    },
    async (request) => {
      const { id } = request.params;
      const [from, to] = [new Date(request.body.from), new Date(request.body.to)];
      if (to < from)
        throw new HttpProblem(422, 'invalid-input', 'to: expected a time that is not before `from`', {
          errors: [{ field: 'to', message: 'expected a time that is not before `from`' }],
        });
      await audited(request, { target: id }, () =>
        upstreams.need('temporal', () => temporal.changeSchedule(id, { kind: 'backfill', from, to })),
      );
      return { done: true as const };
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
