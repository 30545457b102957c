/** Schemas of GET /v1/forecast. */
import { Type, type Static } from 'typebox';
import { FORECAST_HOURS, FORECAST_INTERVALS } from '../../contracts/demand-forecast.ts';
import { FORECAST_COLUMNS } from '../../contracts/weather-forecast.ts';
import { byColumn, weatherFacts } from '../../contracts/weather-columns.ts';
import { DEFAULT_FORECAST } from '../default-forecast.ts';

export const ForecastQuery = Type.Object(
  {
    hours: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: FORECAST_HOURS,
        description: `a whole number of hours from 1 to ${FORECAST_HOURS}; default: ${DEFAULT_FORECAST.hours}`,
      }),
    ),
    interval: Type.Optional(
      Type.Union(
        FORECAST_INTERVALS.map((share) => Type.Literal(share)),
        {
          description: `one of ${FORECAST_INTERVALS.join(', ')}, the share of hours within lower and upper; default: ${DEFAULT_FORECAST.interval}`,
        },
      ),
    ),
  },
  { additionalProperties: false },
);

const Source = Type.Union([Type.Literal('forecast'), Type.Literal('climatology')], {
  description: 'climatology: observed weather of the season, because no weather forecast covers the day',
});
const Day = Type.String({ description: 'day on the local clock, YYYY-MM-DD' });
const orNull = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });

const ForecastHour = Type.Object({
  time: Type.String({ description: 'begin of the hour, RFC 3339 with the offset of the place' }),
  date: Day,
  hour: Type.Integer({ description: 'hour on the local clock, 0 to 23' }),
  prediction: Type.Number({ description: 'trips in that hour over the whole system' }),
  lower: Type.Number(),
  upper: Type.Number(),
  weather: Source,
  lead_day: Type.Integer({ description: 'days from the local day of the issue to the day of the hour' }),
});

const ForecastWeather = Type.Object({
  date: Day,
  source: Source,
  ...byColumn(FORECAST_COLUMNS, (name) => {
    const { description, unit } = weatherFacts(name);
    return orNull(`${description}, ${unit}; null if nothing says it`);
  }),
  rain_probability: orNull('probability of rain or snow, 0 to 1; null if nothing says it'),
  from_earlier: Type.Array(Type.String(), {
    description: 'columns from an earlier issue of the weather forecast',
  }),
});

export const Forecast = Type.Object(
  {
    system: Type.String({ description: "id of the system; with '-synthetic' for synthetic data" }),
    model: Type.String(),
    version: Type.String({ description: 'version number of the model that predicted the hours' }),
    provider: Type.Union(
      [Type.Literal('api.weather.gov'), Type.Literal('open-meteo'), Type.Literal('climatology')],
      { description: 'source of the weather' },
    ),
    issued_at: Type.String({
      description: 'update time of the weather forecast; for climatology, the hour of the run',
    }),
    age_seconds: Type.Integer({ description: 'seconds since issued_at' }),
    stale: Type.Boolean({
      description: 'true: issued more than 24 hours ago, or without a weather forecast',
    }),
    level: Type.Object(
      {
        factor: Type.Number({ description: 'factor on the predictions' }),
        deviation: Type.Number({ description: 'standard deviation of its logarithm' }),
        month: Type.Union([Type.String(), Type.Null()], {
          description: 'newest month that the level is estimated from; null if there is none',
        }),
      },
      { description: 'growth since the training, estimated from published months' },
    ),
    interval: Type.Number({ description: 'nominal share of hours between lower and upper' }),
    time_zone: Type.String({ description: 'IANA zone of the hours' }),
    weather: Type.Array(ForecastWeather, { description: 'days of the hours, in order' }),
    hours: Type.Array(ForecastHour, {
      description:
        'from the present hour on, in order. An hour that the clock skips is absent, one that comes twice counts once',
    }),
  },
  {
    examples: [
      {
        system: 'nyc',
        model: 'citibike-trips',
        version: '3',
        provider: 'api.weather.gov',
        issued_at: '2025-01-14T11:08:23.000Z',
        age_seconds: 4_897,
        stale: false,
        level: { factor: 1.08, deviation: 0.03, month: '2024-12' },
        interval: 0.9,
        time_zone: 'America/New_York',
        weather: [
          {
            date: '2025-01-14',
            source: 'forecast',
            ...{ TMAX: 34, TMIN: 26.1, PRCP: 0, SNOW: 0, AWND: 9.4 },
            rain_probability: 0.05,
            from_earlier: [],
          },
        ],
        hours: [
          {
            time: '2025-01-14T08:00:00-05:00',
            date: '2025-01-14',
            hour: 8,
            ...{ prediction: 5_012.3, lower: 4_105.9, upper: 5_873.1 },
            weather: 'forecast',
            lead_day: 0,
          },
        ],
      },
    ],
  },
);
export type Forecast = Static<typeof Forecast>;
