/** Schemas of demand forecasts and their scores. */
import { Type, type Static } from 'typebox';
import { FORECAST_COLUMNS, type ForecastColumn } from '../../../contracts/weather-forecast.ts';
import { byColumn, weatherFacts } from '../../../contracts/weather-columns.ts';
import { Answer, Nullable, SystemQuery, Time } from './common.ts';

const Day = Type.String({ description: 'YYYY-MM-DD, local time of the system' });
const WeatherSource = Type.Union([Type.Literal('forecast'), Type.Literal('climatology')], {
  description: 'climatology: observed weather of the season, because no forecast says it',
});
const Provider = Type.Union(
  [Type.Literal('api.weather.gov'), Type.Literal('open-meteo'), Type.Literal('climatology')],
  { description: 'source of the weather' },
);
const Bounds = Type.Object({ lower: Type.Number(), upper: Type.Number() });

export const ForecastHour = Type.Object({
  at: Type.String({ format: 'date-time', description: 'start of the hour, UTC' }),
  date: Day,
  hour: Type.Integer({ description: '0 to 23, local time of the system' }),
  leadDay: Type.Integer({ description: 'days after the local day of issue' }),
  isNight: Type.Boolean({ description: 'true if the sun is down in the middle of the hour' }),
  weather: WeatherSource,
  prediction: Type.Number({ description: 'trips per hour over the whole system, as the bounds' }),
  intervals: Type.Object({ '0.5': Bounds, '0.8': Bounds, '0.9': Bounds }, { description: 'by share' }),
  trips: Nullable(Type.Integer({ description: 'actual trips; null if they are not published' })),
});
export type ForecastHour = Static<typeof ForecastHour>;

const Column = Type.Unsafe<ForecastColumn>(Type.Union(FORECAST_COLUMNS.map((name) => Type.Literal(name))));

const ForecastWeather = Type.Object({
  date: Day,
  source: WeatherSource,
  rainProbability: Nullable(Type.Number({ description: '0 to 1' })),
  fromEarlier: Type.Array(Column, { description: 'columns that an earlier issue says' }),
  ...byColumn(FORECAST_COLUMNS, (name) => {
    const { description, unit } = weatherFacts(name);
    return Nullable(Type.Number({ description: `${description}, ${unit}` }));
  }),
});

export const ForecastIssue = Type.Object({
  system: Type.String({ description: 'id of the system, with -synthetic appended for synthetic trips' }),
  model: Type.String(),
  version: Type.String(),
  provider: Provider,
  issuedAt: Type.String({
    format: 'date-time',
    description: 'update time of the weather forecast, UTC; for climatology the hour of the run',
  }),
  issueDay: Day,
  timeZone: Type.String({ description: 'IANA zone of the hours' }),
  isStale: Type.Boolean({ description: 'true if it is older than a day, or from climatology' }),
  level: Type.Object({
    factor: Type.Number({ description: 'factor on the predictions' }),
    deviation: Type.Number({ description: 'standard deviation of its logarithm' }),
    month: Nullable(Type.String({ description: 'newest month that it is estimated from' })),
  }),
  weather: Type.Array(ForecastWeather),
  hours: Type.Array(ForecastHour),
});
export type ForecastIssue = Static<typeof ForecastIssue>;

export const EarlierIssue = Type.Object({
  issuedAt: Time,
  predictions: Type.Array(Nullable(Type.Number()), {
    description: 'one per hour of the issue; null if it does not reach the hour',
  }),
});
export type EarlierIssue = Static<typeof EarlierIssue>;

export const ForecastQuery = Type.Object({
  system: Type.Optional(SystemQuery),
  issuedAt: Type.Optional(
    Type.String({ format: 'date-time', description: 'issue time in ISO 8601; default: the newest issue' }),
  ),
});

export const ForecastAnswer = Answer(
  Nullable(
    Type.Object({
      model: Type.String(),
      issue: Nullable(ForecastIssue, { description: 'null if there is no forecast yet' }),
      issues: Type.Array(Type.Object({ issuedAt: Time, provider: Provider, version: Type.String() }), {
        description: 'a week of issues, and the last one of each day before; the newest comes first',
      }),
      earlier: Type.Array(EarlierIssue, {
        description: 'the last issues of the seven days before, for the same hours',
      }),
    }),
  ),
);

const Share = Type.Number({ description: '0 to 1' });
const LeadDayScore = Type.Object({
  month: Type.String({ description: 'YYYY-MM' }),
  leadDay: Type.Integer({ description: 'days from the day of issue to the day that is forecast' }),
  hours: Type.Integer({ description: 'compared hours' }),
  issues: Type.Integer(),
  rmse: Type.Number({ description: 'trips per hour, as the other errors' }),
  mae: Type.Number(),
  bias: Type.Number({ description: 'mean of prediction − actual' }),
  coverage50: Share,
  coverage80: Share,
  coverage90: Share,
  width90: Type.Number({ description: 'mean width of the 90 % interval' }),
  winkler90: Type.Number({ description: 'mean Winkler score of the 90 % interval' }),
  climatologyShare: Type.Number({ description: 'share of hours whose weather was climatology' }),
  rmseNaive: Nullable(Type.Number({ description: 'of the mean by hour, weekday and month' })),
  skill: Nullable(Type.Number({ description: '1 − rmse / rmseNaive' })),
  rmseObserved: Nullable(Type.Number({ description: 'of the same versions with observed weather' })),
});

export const ForecastScoresQuery = Type.Object({ system: Type.Optional(SystemQuery) });
export const ForecastScoresAnswer = Answer(
  Type.Object({ model: Type.String(), scores: Nullable(Type.Array(LeadDayScore)) }),
);
