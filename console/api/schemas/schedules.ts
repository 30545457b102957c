/** Schemas of schedules. */
import { Type, type Static } from 'typebox';
import { WEEKDAYS } from '../../../contracts/weekdays.ts';
import { Answer, JsonValue, Nullable, Time } from './common.ts';

/** Lists Temporal's policies for a run that is due while another one of the schedule runs. */
export const OVERLAPS = [
  'SKIP',
  'BUFFER_ONE',
  'BUFFER_ALL',
  'CANCEL_OTHER',
  'TERMINATE_OTHER',
  'ALLOW_ALL',
] as const;

const integer = (minimum: number, maximum: number) =>
  Type.Integer({ minimum, maximum, description: `an integer from ${minimum} to ${maximum}` });

const strict = { additionalProperties: false } as const;

/** Defines when a schedule starts runs: exactly one of `calendar`, `every` and `cron`. */
const Times = {
  calendar: Type.Optional(
    Type.Object(
      {
        dayOfMonth: Type.Optional(integer(1, 31)),
        weekdays: Type.Optional(
          Type.Array(Type.Enum(WEEKDAYS), {
            minItems: 1,
            maxItems: 7,
            description: 'days of the week',
          }),
        ),
        hour: integer(0, 23),
        minute: integer(0, 59),
      },
      strict,
    ),
  ),
  every: Type.Optional(
    Type.Object({ minutes: integer(1, 527_040), offsetMinutes: Type.Optional(integer(0, 527_039)) }, strict),
  ),
  cron: Type.Optional(
    Type.String({
      pattern: '^\\S{1,100}( +\\S{1,100}){4}$',
      description: 'minute, hour, day of the month, month and day of the week, such as 30 6 * * MON-FRI',
    }),
  ),
};

export const ScheduleDefinition = Type.Object(
  {
    workflow: Type.String({ maxLength: 100, description: 'one of /api/workflow-types' }),
    input: Type.Unknown({ description: "the workflow's input" }),
    ...Times,
    timezone: Type.Optional(
      Type.String({
        maxLength: 60,
        description: 'an IANA time zone, such as America/New_York; default: UTC',
      }),
    ),
    overlap: Type.Enum(OVERLAPS, { description: `one of ${OVERLAPS.join(', ')}` }),
    catchupMinutes: Type.Optional(integer(1, 527_040)),
    paused: Type.Boolean(),
  },
  strict,
);
export type ScheduleDefinition = Static<typeof ScheduleDefinition>;

export const ScheduleBody = Type.Object({
  id: Type.String(),
  workflow: Type.String(),
  input: JsonValue,
  paused: Type.Boolean(),
  note: Type.String(),
  spec: Type.String({ description: 'for people' }),
  timezone: Nullable(Type.String()),
  next: Type.Array(Time),
  recent: Type.Array(Type.Object({ at: Time, workflowId: Nullable(Type.String()) })),
  managed: Type.Boolean({
    description:
      'true if `citibike schedules apply` and every `citibike up` restore it from inputs/schedules.yaml',
  }),
  definition: Nullable(ScheduleDefinition, {
    description: 'what a change replaces; null if its times have another form than a change can give',
  }),
});
export type ScheduleBody = Static<typeof ScheduleBody>;
export const ScheduleAnswer = Answer(Type.Object({ items: Nullable(Type.Array(ScheduleBody)) }));

export const ScheduleParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 1000 }) });
export const NewScheduleParams = Type.Object({
  id: Type.String({
    minLength: 1,
    maxLength: 200,
    pattern: '^[\\w.:@+-]+$',
    description: 'letters, digits and _ . : @ + -',
  }),
});
export const BackfillBody = Type.Object(
  {
    from: Type.String({ format: 'date-time', description: 'an ISO time, included' }),
    to: Type.String({ format: 'date-time', description: 'an ISO time, included' }),
  },
  strict,
);
