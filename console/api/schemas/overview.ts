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
  state: Type.Union([RunState, Type.Literal('never')]),
  lastRun: Nullable(
    Type.Object({
      workflowId: Type.String(),
      runId: Type.String(),
      type: Type.String(),
      at: Time,
      durationMs: Type.Number(),
    }),
  ),
  ageSeconds: Nullable(
    Type.Number({
      description:
        'time since which the stage has this state: the end of its last run, or the start of a running one',
    }),
  ),
  headline: Type.String({ description: 'last result in a few words' }),
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

export const AttentionBody = Type.Object({
  kind: Type.Union([
    Type.Literal('approval'),
    Type.Literal('failed-run'),
    Type.Literal('alert'),
    Type.Literal('drift'),
    Type.Literal('upstream'),
  ]),
  title: Type.String(),
  href: Type.String({ description: 'address inside the console' }),
  at: Type.Optional(Time),
});
export type AttentionBody = Static<typeof AttentionBody>;

export const OverviewAnswer = Answer(
  Type.Object({
    loop: Nullable(Type.Array(StageBody)),
    champion: Nullable(ChampionBody),
    nextScheduled: Nullable(
      Type.Array(Type.Object({ scheduleId: Type.String(), workflow: Type.String(), at: Time })),
    ),
    attention: Type.Array(AttentionBody),
    running: Nullable(Type.Integer({ description: 'number of running runs' })),
  }),
);
