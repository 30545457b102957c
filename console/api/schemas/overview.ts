/** The loop at a glance, and what needs a person. */
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
    Type.Number({ description: 'since the last run of the stage closed, or began where it runs' }),
  ),
  headline: Type.String({ description: 'its last result in a few words' }),
});
export type StageBody = Static<typeof StageBody>;

export const ChampionBody = Type.Object({
  model: Type.String(),
  version: Type.String(),
  metrics: Type.Record(Type.String(), Type.Number()),
  since: Nullable(
    Type.String({
      format: 'date-time',
      description: 'when it became champion; null where that is not on record, or not known',
    }),
  ),
  served: Type.Array(Type.Object({ address: Type.String(), version: Nullable(Type.String()) }), {
    description: 'live processes of the prediction service; empty when none is alive, or not known',
  }),
  liveAccuracy: Nullable(
    Type.Object(
      {
        from: Type.String({ description: 'first day' }),
        to: Type.String({ description: 'last day' }),
        hours: Type.Integer({ description: 'hours predicted whose trips are known' }),
        rmse: Type.Number(),
        mae: Type.Number(),
        bias: Type.Number(),
      },
      {
        description:
          'of the forecasts it gave in service before their hours began, over the newest 28 days that trips are known of; what-if requests are left out; null when there is none, or not known',
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
      { description: 'the newest week of it that a drift check held against published trips' },
    ),
  ),
  unknown: Type.Record(Type.String(), Type.String(), {
    description:
      'fields above that are not known, each with the reason: a query that timed out or was rejected',
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
    running: Nullable(Type.Integer({ description: 'runs under way' })),
  }),
);
