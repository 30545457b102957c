/** Schemas of workflow runs and their steps. */
import { Type, type Static } from 'typebox';
import { Month } from '../../../contracts/months.ts';
import { Answer, JsonValue, Nullable, PageOf, PageQuery, Time } from './common.ts';

export const RunState = Type.Union([
  Type.Literal('running'),
  Type.Literal('completed'),
  Type.Literal('failed'),
  Type.Literal('cancelled'),
  Type.Literal('terminated'),
  Type.Literal('timed-out'),
  Type.Literal('continued'),
]);
export type RunState = Static<typeof RunState>;

export const RunBody = Type.Object({
  workflowId: Type.String(),
  runId: Type.String(),
  type: Type.String(),
  state: RunState,
  system: Type.Optional(Type.String()),
  month: Type.Optional(Type.String()),
  model: Type.Optional(Type.String({ description: 'version that the run created or moved an alias to' })),
  startedAt: Time,
  closedAt: Type.Optional(Time),
  durationMs: Type.Number(),
  parentId: Nullable(Type.String()),
  stage: Type.Optional(Type.String()),
  percent: Type.Optional(Type.Number({ description: '0..100, for running runs' })),
  rejected: Type.Optional(
    Type.Boolean({ description: 'true if the run failed before its first step, because of its input' }),
  ),
  source: Type.Union([Type.Literal('temporal'), Type.Literal('records')], {
    description: "'records': read from Postgres, because Temporal has deleted the run or does not answer",
  }),
});
export type RunBody = Static<typeof RunBody>;

export const RunQuery = Type.Object({
  ...PageQuery,
  type: Type.Optional(Type.String({ maxLength: 200 })),
  state: Type.Optional(RunState),
  system: Type.Optional(Type.String({ maxLength: 50 })),
  month: Type.Optional(Month),
  model: Type.Optional(Type.String({ maxLength: 200, description: 'a model version' })),
  parent: Type.Optional(Type.String({ maxLength: 1000, description: 'workflow id of the parent' })),
  q: Type.Optional(Type.String({ maxLength: 200, description: 'part of a workflow id' })),
});
export type RunQuery = Static<typeof RunQuery>;

export const RunPage = PageOf(RunBody);

export const FailureBody = Type.Object({
  message: Type.String(),
  type: Type.String({ description: "the code of contracts/errors.ts, or Temporal's own name" }),
  stack: Type.Optional(Type.String()),
});
export type FailureBody = Static<typeof FailureBody>;

export const StepBody = Type.Object({
  id: Type.String({ description: 'unique in the run; the `step` of its log' }),
  name: Type.String(),
  kind: Type.Union([Type.Literal('activity'), Type.Literal('child'), Type.Literal('timer')]),
  state: Type.Union(
    [
      Type.Literal('waiting'),
      Type.Literal('running'),
      Type.Literal('completed'),
      Type.Literal('failed'),
      Type.Literal('cancelled'),
      Type.Literal('timed-out'),
      Type.Literal('abandoned'),
    ],
    { description: 'abandoned: the run ended before the step did' },
  ),
  attempt: Type.Integer({ description: 'from 1' }),
  scheduledAt: Time,
  startedAt: Type.Optional(Time),
  closedAt: Type.Optional(Time),
  durationMs: Type.Optional(Type.Number()),
  cached: Type.Boolean(),
  input: Type.Optional(JsonValue),
  output: Type.Optional(JsonValue),
  failure: Type.Optional(
    Type.Array(FailureBody, { description: 'failures of the last attempt, outermost first' }),
  ),
  nextRetryAt: Type.Optional(Time),
  heartbeat: Type.Optional(JsonValue),
  childWorkflowId: Type.Optional(Type.String()),
  childRunId: Type.Optional(Type.String()),
  worker: Type.Optional(Type.String()),
});
export type StepBody = Static<typeof StepBody>;

const ProgressBody = Type.Object({
  stage: Type.String(),
  percent: Type.Number(),
  steps: Type.Array(
    Type.Object({
      name: Type.String(),
      state: Type.String({ description: 'pending, running, done, cached, failed or skipped' }),
      startedAt: Type.Optional(Type.Number({ description: 'epoch milliseconds' })),
      finishedAt: Type.Optional(Type.Number()),
      done: Type.Optional(Type.Number()),
      total: Type.Optional(Type.Number()),
      detail: Type.Optional(Type.String()),
      workflowId: Type.Optional(Type.String()),
    }),
  ),
});

const Text = Type.String();
const OutcomeLinkBody = Type.Union(
  [
    Type.Object({ kind: Type.Literal('version'), model: Text, version: Text }),
    Type.Object({ kind: Type.Literal('experiment'), runId: Text }),
    Type.Object({ kind: Type.Literal('drift'), system: Text, version: Text, report: Text }),
    Type.Object({ kind: Type.Literal('forecast'), system: Text, model: Text, issuedAt: Text }),
    Type.Object({ kind: Type.Literal('run'), workflowId: Text }),
    Type.Object({ kind: Type.Literal('artifact'), label: Text, uri: Text }),
  ],
  { description: 'something that the run made or used' },
);

const OutcomeBody = Type.Object({
  summary: Type.String({ description: 'what the run achieved, or why it did not' }),
  facts: Type.Array(
    Type.Object({ name: Type.String(), value: Type.String({ description: 'formatted, with its unit' }) }),
  ),
  links: Type.Array(OutcomeLinkBody),
});

export const RunArtifact = Type.Object({
  uri: Type.String(),
  kind: Type.String({ description: "what it is, such as 'model' or 'evaluation'" }),
  step: Nullable(Type.String({ description: 'step that gave it; null for the result of the run' })),
});
export type RunArtifact = Static<typeof RunArtifact>;

const ApprovalBody = Type.Object({
  what: Type.String({ description: 'decision that a person must make' }),
  model: Nullable(Type.String({ description: 'model of the version; null if the run does not name it' })),
  version: Nullable(Type.String()),
  since: Nullable(Time, { description: 'time from which the run waits' }),
});
export type ApprovalBody = Static<typeof ApprovalBody>;

export const RunDetail = Type.Object({
  run: RunBody,
  outcome: OutcomeBody,
  artifacts: Type.Array(RunArtifact, { description: 'of the result and of the steps, up to 300' }),
  input: JsonValue,
  result: JsonValue,
  failure: Type.Array(FailureBody, { description: 'outermost first; empty if the run did not fail' }),
  steps: Nullable(Type.Array(StepBody)),
  edges: Type.Array(Type.Tuple([Type.String(), Type.String()]), { description: 'ids of steps: from, to' }),
  trimmed: Type.Boolean({
    description:
      'true if inputs and outputs are left out because there are too many steps; request a single step for them',
  }),
  events: Type.Integer({ description: 'length of the history; 0 if read from records' }),
  progress: Nullable(ProgressBody),
  approval: Nullable(ApprovalBody),
  children: Type.Array(RunBody),
  taskQueue: Type.Optional(Type.String()),
});
export type RunDetail = Static<typeof RunDetail>;
export const RunAnswer = Answer(Nullable(RunDetail));
export const StepAnswer = Answer(Nullable(StepBody));

export const RunParams = Type.Object({ workflowId: Type.String({ minLength: 1, maxLength: 1000 }) });
export const RunIdQuery = Type.Object({ runId: Type.Optional(Type.String({ maxLength: 100 })) });

export const StartRunBody = Type.Object(
  {
    type: Type.String({ description: 'one of /api/workflow-types' }),
    input: Type.Unknown({ description: "the workflow's input; defaults are filled in" }),
    workflowId: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        pattern: '^[\\w.:@+-]+$',
        description: 'letters, digits and _ . : @ + -',
      }),
    ),
  },
  { additionalProperties: false },
);

const WorkflowTypeBody = Type.Object({
  type: Type.String(),
  title: Type.String(),
  description: Type.String(),
  schema: Type.Unknown({ description: 'JSON Schema of the input' }),
  example: JsonValue,
});
export const WorkflowTypes = Type.Object({ items: Type.Array(WorkflowTypeBody) });
