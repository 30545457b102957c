/** Schemas of months of data. */
import { Type, type Static } from 'typebox';
import { Month } from '../../../contracts/months.ts';
import { Answer, JsonValue, Nullable, Time } from './common.ts';

export const MonthBody = Type.Object({
  system: Type.String({ description: "id of a system; with '-synthetic' for synthetic data" }),
  rules: Type.String(),
  month: Type.String({ description: 'YYYY-MM' }),
  state: Type.Union([
    Type.Literal('missing'),
    Type.Literal('fetched'),
    Type.Literal('processed'),
    Type.Literal('provisional'),
    Type.Literal('quarantined'),
  ]),
  hours: Nullable(Type.Integer()),
  trips: Nullable(Type.Integer()),
  quality: Nullable(Type.Union([Type.Literal('pass'), Type.Literal('warn'), Type.Literal('fail')])),
  digest: Nullable(Type.String()),
  files: Type.Array(Type.String({ description: 's3:// addresses of raw files of the month' })),
});
export type MonthBody = Static<typeof MonthBody>;

const ExplorationBody = Type.Object({
  system: Type.String({ description: "id of a system; with '-synthetic' for synthetic data" }),
  rules: Type.String(),
  from: Type.String({ description: 'first month' }),
  to: Type.String({ description: 'last month' }),
  uri: Type.String({ description: 's3:// address of the HTML report' }),
  modified: Time,
});
export type ExplorationBody = Static<typeof ExplorationBody>;

export const DataAnswer = Answer(
  Type.Object({
    systems: Type.Array(Type.String()),
    months: Nullable(Type.Array(MonthBody)),
    explorations: Nullable(
      Type.Array(ExplorationBody, { description: 'published pages of citibike explore, newest first' }),
    ),
  }),
);

export const MonthParams = Type.Object({
  system: Type.String({
    pattern: '^[a-z][a-z0-9-]{0,50}$',
    description: 'id of a system such as nyc, or nyc-synthetic',
  }),
  rules: Type.String({ pattern: '^(seed|all)$', description: 'seed or all' }),
  month: Month,
});

export const MonthAnswer = Answer(
  Nullable(
    Type.Object({
      month: MonthBody,
      dataset: Nullable(JsonValue),
      report: Nullable(JsonValue),
      preview: Type.Array(Type.Record(Type.String(), Type.Unknown()), {
        description: 'the hours of the month; the first 48 of months that version 0.2 ingested',
      }),
      qualityPage: Nullable(Type.String({ description: 's3:// address of the HTML report' })),
    }),
  ),
);
