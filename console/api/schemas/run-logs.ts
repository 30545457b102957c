/** Schemas of the logs of steps. */
import { Type, type Static } from 'typebox';
import { Answer, Nullable, Time } from './common.ts';

export const AttemptLogBody = Type.Object({
  step: Type.String(),
  attempt: Type.Integer(),
  bytes: Type.Integer({ description: 'size so far; the log of a running step grows' }),
  updatedAt: Time,
});
export type AttemptLogBody = Static<typeof AttemptLogBody>;

export const AttemptLogs = Answer(Type.Object({ items: Nullable(Type.Array(AttemptLogBody)) }));

export const LogPageBody = Type.Object({
  attempt: Type.Integer({ description: '0 if the step has no log yet' }),
  attempts: Type.Integer({ description: 'number of the last attempt that has a log' }),
  from: Type.Integer({ description: 'offset of the text; `before` of the page of older lines' }),
  to: Type.Integer({ description: 'offset after the text; `from` of the next page' }),
  bytes: Type.Integer({ description: 'size of the log so far' }),
  text: Type.String({ description: 'whole lines' }),
});
export type LogPageBody = Static<typeof LogPageBody>;

export const LogPageAnswer = Answer(Nullable(LogPageBody));

export const StepName = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'id of an activity of the run',
});

export const LogTextQuery = Type.Object({
  runId: Type.Optional(Type.String({ maxLength: 100 })),
  step: Type.Optional(StepName),
  last: Type.Optional(
    Type.Integer({
      minimum: 1_000,
      maximum: 8 * 2 ** 20,
      description: 'most bytes of the log of all steps, from its end; an integer from 1000 to 8388608',
    }),
  ),
});

const Offset = Type.Optional(
  Type.Integer({ minimum: 0, maximum: 2 ** 40, description: 'an offset in bytes from 0' }),
);

export const LogPageQuery = Type.Object({
  runId: Type.Optional(Type.String({ maxLength: 100 })),
  attempt: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'an attempt from 1; the last by default' }),
  ),
  from: Offset,
  before: Offset,
});
