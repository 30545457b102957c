/** Schemas of the overview. */
import { Type, type Static } from 'typebox';
import { Answer, Nullable, Time } from './common.ts';
import { RunState } from './runs.ts';

const LoopStage = Type.Union([
  Type.Literal('fetch'),
  Type.Literal('preprocess'),
  Type.Literal('train'),
  Type.Literal('register'),
  Type.Literal('deploy'),
  Type.Literal('drift'),
]);

export const StageBody = Type.Object({
  stage: LoopStage,
  state: Type.Union([RunState, Type.Literal('never'), Type.Literal('partly-failed')], {
    description:
      'of `attempt`, or else of the last success; partly-failed if `attempt` failed and the stage succeeds for another system',
  }),
  lastRun: Nullable(
    Type.Object({
      workflowId: Type.String(),
      runId: Type.String(),
      type: Type.String(),
      system: Nullable(Type.String()),
      at: Time,
      durationMs: Type.Number(),
    }),
  ),
  ageSeconds: Nullable(
    Type.Number({
      description: 'seconds since the last success',
    }),
  ),
  headline: Type.String({ description: 'last success in a few words' }),
  attempt: Nullable(
    Type.Object({
      workflowId: Type.String(),
      runId: Type.String(),
      type: Type.String(),
      state: RunState,
      system: Nullable(Type.String()),
      at: Time,
      reason: Type.String({ description: 'current step, or why it failed' }),
    }),
    {
      description:
        'newest run since the last success of its system that runs or failed, except those that rejected their input',
    },
  ),
});
export type StageBody = Static<typeof StageBody>;

export const ChampionBody = Type.Object({
  model: Type.String(),
  version: Type.String(),
  metrics: Type.Record(Type.String(), Type.Number()),
  since: Nullable(
    Type.String({
      format: 'date-time',
      description: 'time when it became champion; null if unrecorded or unknown',
    }),
  ),
  served: Type.Array(Type.Object({ address: Type.String(), version: Nullable(Type.String()) }), {
    description: 'live processes of the prediction service; empty if none is alive, or unknown',
  }),
  liveAccuracy: Nullable(
    Type.Object(
      {
        from: Type.String({ description: 'first day' }),
        to: Type.String({ description: 'last day' }),
        hours: Type.Integer({ description: 'number of predicted hours whose trips are known' }),
        rmse: Type.Number(),
        mae: Type.Number(),
        bias: Type.Number(),
      },
      {
        description:
          'accuracy of forecasts in service that were made before their hours began, over the newest 28 days with known trips; what-if requests are excluded; null if there is none, or unknown',
      },
    ),
  ),
  checkedWeek: Nullable(
    Type.Object(
      {
        week: Type.String(),
        rmse: Nullable(Type.Number()),
        mae: Nullable(Type.Number()),
        r2: Nullable(Type.Number()),
      },
      { description: 'newest week of it that a drift check compared with published trips' },
    ),
  ),
  unknown: Type.Record(Type.String(), Type.String(), {
    description: 'unknown fields above, each with the reason: a query that timed out or was rejected',
  }),
});
export type ChampionBody = Static<typeof ChampionBody>;

export const ServingBody = Type.Object({
  address: Type.String({ description: 'address of the prediction service' }),
  served: Nullable(
    Type.Object({
      model: Type.String(),
      version: Type.String(),
      since: Type.String({
        format: 'date-time',
        description: 'time since which the process answers with it',
      }),
      fromDisk: Type.Boolean({ description: 'true until the process has compared it with the registry' }),
    }),
    { description: 'null if it has no version yet' },
  ),
});
export type ServingBody = Static<typeof ServingBody>;

export const AttentionBody = Type.Object({
  kind: Type.Union([
    Type.Literal('approval'),
    Type.Literal('failed-run'),
    Type.Literal('alert'),
    Type.Literal('drift'),
    Type.Literal('upstream'),
    Type.Literal('rejected-input'),
    Type.Literal('not-served'),
    Type.Literal('no-drift-check'),
    Type.Literal('stale-forecast'),
    Type.Literal('no-webhook'),
  ]),
  title: Type.String(),
  reason: Type.Optional(Type.String({ description: 'why, up to 2,000 characters' })),
  count: Type.Optional(Type.Integer({ description: 'number of runs or processes of this kind' })),
  href: Type.String({ description: 'address inside the console' }),
  at: Type.Optional(Time),
});
export type AttentionBody = Static<typeof AttentionBody>;

export const OverviewAnswer = Answer(
  Type.Object({
    loop: Nullable(Type.Array(StageBody)),
    champion: Nullable(ChampionBody),
    serving: Nullable(ServingBody, { description: 'null if the prediction service does not answer' }),
    nextScheduled: Nullable(
      Type.Array(Type.Object({ scheduleId: Type.String(), workflow: Type.String(), at: Time })),
    ),
    attention: Type.Array(AttentionBody),
    running: Nullable(Type.Integer({ description: 'number of running runs' })),
  }),
);
