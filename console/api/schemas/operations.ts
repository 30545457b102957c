/** Schemas of status, predictions and audit. */
import { Type, type Static } from 'typebox';
import { EXPECTED_DAY } from '../../../contracts/calendar.ts';
import { EXPECTED_HOLIDAY } from '../../../contracts/hour-to-predict.ts';
import { EXPECTED_TIME, TIME_PATTERN } from '../../../contracts/trip-hour.ts';
import {
  OPTIONAL_WEATHER_INPUTS,
  REQUIRED_WEATHER_INPUTS,
  byColumn,
  type WeatherInput,
} from '../../../contracts/weather-columns.ts';
import { expectedWeather, rangeOf } from '../../../contracts/weather-ranges.ts';
import { Answer, JsonValue, Nullable, PageOf, Time, UpstreamsBody } from './common.ts';

export const StatusAnswer = Type.Object({
  data: Type.Object({
    version: Type.String(),
    modelName: Type.String(),
    readNeedsToken: Type.Boolean({ description: 'true if the console listens beyond the loopback' }),
    predictUrl: Type.String({ description: 'address of the prediction service for the curl command' }),
    temporalUi: Nullable(Type.String()),
    mlflowUi: Nullable(Type.String()),
    grafana: Nullable(Type.String()),
    webhook: Nullable(
      Type.Union([Type.Literal('set'), Type.Literal('partly-set'), Type.Literal('unset')], {
        description:
          'whether all, some or none of the live workers have a webhook; null if no worker is alive, or unknown',
      }),
    ),
  }),
  upstreams: UpstreamsBody,
});

export const Units = Type.Object({
  units: Type.Optional(
    Type.Union([Type.Literal('imperial'), Type.Literal('metric')], {
      description: 'units of the weather: °F, inches and mph by default, or °C, mm and m/s',
    }),
  ),
});

export type PredictUnits = Static<typeof Units>['units'];

/** Allows the ranges of both units. The route checks that of the units which the caller names. */
function weatherNumber(name: WeatherInput) {
  const [imperial, metric] = [rangeOf(name, false), rangeOf(name, true)];
  return Type.Number({
    minimum: Math.min(imperial.min, metric.min),
    maximum: Math.max(imperial.max, metric.max),
    description: `${expectedWeather(name)}; or ${expectedWeather(name, true)}`,
  });
}

const RequiredWeather = byColumn(REQUIRED_WEATHER_INPUTS, weatherNumber);

export const PredictRow = Type.Object(
  {
    date: Type.String({
      pattern: TIME_PATTERN,
      description: EXPECTED_TIME,
    }),
    ...RequiredWeather,
    ...byColumn(OPTIONAL_WEATHER_INPUTS, (name) =>
      Type.Optional(Type.Union([weatherNumber(name), Type.Null()])),
    ),
    holiday: Type.Optional(
      Type.Unsafe<0 | 1>(Type.Integer({ minimum: 0, maximum: 1, description: EXPECTED_HOLIDAY })),
    ),
  },
  { additionalProperties: false },
);
export type PredictRow = Static<typeof PredictRow>;

export const DayQuery = Type.Object({
  date: Type.String({ format: 'date', description: EXPECTED_DAY }),
  ...RequiredWeather,
  SNOW: Type.Optional(RequiredWeather.SNOW),
  ...byColumn(OPTIONAL_WEATHER_INPUTS, (name) => Type.Optional(weatherNumber(name))),
  ...Units.properties,
});

export const Prediction = Type.Object({
  hour: Type.String({ description: 'YYYY-MM-DDTHH:00:00, local time of the system' }),
  prediction: Type.Number({ description: 'trips per hour over the whole system' }),
  lower: Nullable(Type.Number({ description: 'bounds of the 90 % interval' })),
  upper: Nullable(Type.Number()),
  warnings: Type.Array(Type.Object({ code: Type.String(), message: Type.String() }), {
    description: 'warnings about inputs beyond the training data',
  }),
});
export type Prediction = Static<typeof Prediction>;

export const PredictAnswer = Answer(
  Nullable(
    Type.Object({
      predictions: Type.Array(Prediction),
      model: Nullable(Type.String()),
      version: Nullable(Type.String()),
      imputed: Type.Array(Type.String(), { description: 'inputs that were filled from training medians' }),
      ms: Type.Number({ description: 'latency of the prediction service, measured by the console' }),
      curl: Type.String({ description: 'the same call as a shell command' }),
    }),
  ),
);

const AuditBody = Type.Object({
  id: Type.Integer(),
  at: Time,
  kind: Type.Union(
    [
      Type.Literal('action'),
      Type.Literal('sign-in'),
      Type.Literal('sign-out'),
      Type.Literal('rejection'),
      Type.Literal('start'),
    ],
    { description: 'start: a run that started in Temporal without a recorded action' },
  ),
  via: Type.Union([Type.Literal('console'), Type.Literal('cli'), Type.Literal('temporal')], {
    description: 'origin of the entry',
  }),
  who: Type.String({ description: 'name of the token, or other known facts about the caller' }),
  verified: Type.Boolean({ description: 'true if `who` is the name of a valid token' }),
  from: Type.String({ description: 'address of the caller, or name of its machine' }),
  action: Type.String({ description: 'method and route, command or workflow type' }),
  target: Type.String(),
  detail: JsonValue,
  count: Type.Integer({ description: 'number of rejections in the entry; 1 for other kinds' }),
  outcome: Type.String({
    description: "'ok', 'rejected', 'begun' (its end was not recorded) or the error",
  }),
});
export const AuditPage = PageOf(AuditBody);
