/** Serves schedules and actions on them. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { HttpProblem } from '../../../adapters/fastify/problem.ts';
import { audited } from '../audited.ts';
import { managedSchedules } from '../managed-schedules.ts';
import { identityOf } from '../plugins/access.ts';
import { scheduleBody } from '../schedule.ts';
import { temporalSchedule } from '../schedule-definition.ts';
import { ACTION_PROBLEMS, Done, NoBody, NOT_FOUND } from '../schemas/common.ts';
import {
  BackfillBody,
  NewScheduleParams,
  ScheduleAnswer,
  ScheduleDefinition,
  ScheduleParams,
} from '../schemas/schedules.ts';

const security = [{ token: [] }];

const routes: FastifyPluginAsyncTypebox = async (app) => {
  const { upstreams, temporal } = app.sources;

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
      const items = await upstreams.ask('temporal', async () => {
        const managed = await managedSchedules();
        const described = await temporal.schedules();
        return described.map((schedule) => scheduleBody(schedule, managed.has(schedule.scheduleId)));
      });
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

  app.post(
    '/api/schedules/:id',
    {
      config: { access: 'act' },
      schema: {
        tags: ['schedules'],
        security,
        summary: 'Create a schedule',
        params: NewScheduleParams,
        body: ScheduleDefinition,
        response: { 201: Done, ...ACTION_PROBLEMS },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { paused } = request.body;
      const wish = temporalSchedule(id, request.body);
      const state = { paused, note: `created by ${identityOf(request).name}, console` };
      await audited(request, { target: id }, () =>
        upstreams.need('temporal', () => temporal.createSchedule({ scheduleId: id, ...wish, state })),
      );
      return reply.code(201).send({ done: true as const });
    },
  );

  app.put(
    '/api/schedules/:id',
    {
      config: { access: 'act' },
      schema: {
        tags: ['schedules'],
        security,
        summary: 'Change a schedule: replace its workflow, input, times and policies',
        params: ScheduleParams,
        body: ScheduleDefinition,
        response: { 200: Done, ...ACTION_PROBLEMS, ...NOT_FOUND },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { paused } = request.body;
      const wish = temporalSchedule(id, request.body);
      const note = `changed by ${identityOf(request).name}, console, ${new Date().toISOString()}`;
      await audited(request, { target: id }, () =>
        upstreams.need('temporal', () =>
          temporal.changeSchedule(id, { kind: 'replace', wish, paused, note }),
        ),
      );
      return { done: true as const };
    },
  );

  app.delete(
    '/api/schedules/:id',
    {
      config: { access: 'act' },
      schema: {
        tags: ['schedules'],
        security,
        summary: 'Delete a schedule; its runs continue',
        params: ScheduleParams,
        response: { 200: Done, ...ACTION_PROBLEMS, ...NOT_FOUND },
      },
    },
    async (request) => {
      const { id } = request.params;
      await audited(request, { target: id }, () =>
        upstreams.need('temporal', () => temporal.deleteSchedule(id)),
      );
      return { done: true as const };
    },
  );
};

export default routes;
