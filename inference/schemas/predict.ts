/** Schemas of the prediction routes. The description of a field is also the expectation in its error message. */
import { Type, type Static, type TSchema } from 'typebox';
import { EXAMPLE_HOUR, EXPECTED_HOLIDAY } from '../../contracts/hour-to-predict.ts';
import { MAX_BATCH_ROWS } from '../../contracts/max-batch-rows.ts';
import { WARNING_CODES, type WarningCode } from '../../contracts/prediction-warnings.ts';
import { EXPECTED_TIME, TIME_PATTERN } from '../../contracts/trip-hour.ts';
import { OptionalWeather, RequiredWeather } from '../../contracts/weather-schemas.ts';

const Holiday = Type.Union([Type.Literal(0), Type.Literal(1)], { description: EXPECTED_HOLIDAY });
const Circular = Type.Number({ minimum: -1, maximum: 1, description: 'a sine or cosine from -1 to 1' });

/** Uses the same hour as `EXAMPLE_HOUR`: Wednesday, ISO week 3, January, 08:00. */
const { date: _, ...exampleWeather } = EXAMPLE_HOUR;
const features = {
  holiday: 0,
  ...exampleWeather,
  hr_sin: 0.8660254037844387,
  hr_cos: -0.4999999999999998,
  weekday_sin: 0.9749279121818236,
  weekday_cos: -0.22252093395631434,
  week_sin: 0.23931566428755774,
  week_cos: 0.970941817426052,
  mnth_sin: 0,
  mnth_cos: 1,
};

export const TripRow = Type.Object(
  {
    date: Type.String({
      pattern: TIME_PATTERN,
      description: EXPECTED_TIME,
      examples: [EXAMPLE_HOUR.date],
    }),
    ...RequiredWeather,
    ...OptionalWeather,
    holiday: Type.Optional(Holiday),
  },
  { additionalProperties: false },
);
export type TripRow = Static<typeof TripRow>;

export const FeatureRow = Type.Object(
  {
    holiday: Holiday,
    ...RequiredWeather,
    hr_sin: Circular,
    hr_cos: Circular,
    weekday_sin: Circular,
    weekday_cos: Circular,
    week_sin: Circular,
    week_cos: Circular,
    mnth_sin: Circular,
    mnth_cos: Circular,
    ...OptionalWeather,
  },
  { additionalProperties: false },
);
export type FeatureRow = Static<typeof FeatureRow>;

/** Represents handling of unknown fields of a row. */
export type UnknownFields = 'refuse' | 'ignore';

function batchOf<T extends TSchema>(row: T, example: object, unknownFields: UnknownFields = 'refuse') {
  return Type.Object(
    {
      input_data: Type.Array(row, {
        minItems: 1,
        maxItems: MAX_BATCH_ROWS,
        description: `a list of 1 to ${MAX_BATCH_ROWS} rows`,
      }),
    },
    {
      ...(unknownFields === 'refuse' ? { additionalProperties: false } : {}),
      examples: [{ input_data: [example] }],
    },
  );
}

export const TripBatch = batchOf(TripRow, EXAMPLE_HOUR);
export const FeatureBatch = batchOf(FeatureRow, features);

/** Is the batch for a service that ignores unknown fields, which are removed before any code reads them. */
export const LenientTripBatch = batchOf(Type.Object(TripRow.properties), EXAMPLE_HOUR, 'ignore');
export const LenientFeatureBatch = batchOf(Type.Object(FeatureRow.properties), features, 'ignore');

const HourRow = Type.Pick(TripRow, ['date', 'holiday'], {
  description: 'an hour without weather, which the forecast gives where it reaches the day',
});

/** Returns the batch as callers may send it. Rows without weather have that of the forecast before they are validated. */
export function documentedTripBatch(unknownFields: UnknownFields): TSchema {
  const open = unknownFields === 'ignore';
  const [full, hour] = [TripRow, HourRow].map((row) =>
    open ? Type.Object(row.properties) : Type.Object(row.properties, { additionalProperties: false }),
  );
  return batchOf(Type.Union([full!, hour!]), EXAMPLE_HOUR, unknownFields);
}

export const PredictionQuery = Type.Object(
  {
    interval: Type.Optional(
      Type.Literal(0.9, {
        description:
          '0.9, which adds lower and upper, the bounds of the 90 % interval, if the model has one; GET /v1/forecast has further shares',
      }),
    ),
    units: Type.Optional(
      Type.Union([Type.Literal('imperial'), Type.Literal('metric')], {
        description:
          'imperial (default): °F, inches and mph; metric: °C, mm and m/s, also for snow, with the same ranges after conversion',
      }),
    ),
    what_if: Type.Optional(
      Type.Boolean({
        description:
          'true: the weather is an assumption, not a forecast; live accuracy ignores these predictions',
      }),
    ),
  },
  { additionalProperties: false },
);
export type PredictionQuery = Static<typeof PredictionQuery>;

const Warning = Type.Object({
  // Uses a plain string for the serialiser, which would check a union value by value.
  code: Type.Unsafe<WarningCode>(Type.String({ enum: [...WARNING_CODES] })),
  message: Type.String(),
  field: Type.Optional(Type.String({ description: 'the input that the warning is about' })),
});

export const Prediction = Type.Object({
  model: Type.String(),
  prediction: Type.Number({ description: 'trips in that hour over the whole system' }),
  version: Type.String({ description: 'version number of the model' }),
  date: Type.Optional(
    Type.String({
      description:
        'begin of the predicted hour, local time of the place; absent if the row has features and no date',
    }),
  ),
  lower: Type.Optional(Type.Number()),
  upper: Type.Optional(Type.Number()),
  imputed: Type.Array(Type.String(), {
    description:
      'inputs that were missing and filled: from the forecast if `weather` says so and the forecast has them, otherwise from training medians',
  }),
  weather: Type.Optional(
    Type.Literal('forecast', {
      description: 'the row had no weather, so that of its day in the forecast was used; absent otherwise',
    }),
  ),
  weather_issued_at: Type.Optional(
    Type.String({ description: 'issue time of that forecast, ISO 8601 in UTC' }),
  ),
  warnings: Type.Optional(
    Type.Array(Warning, {
      description: 'warnings about inputs beyond the training data; absent if there are none',
    }),
  ),
  assumed_date: Type.Optional(
    Type.String({ description: 'the date assumed for the 12 features, which carry no year' }),
  ),
  synthetic: Type.Optional(Type.Boolean({ description: 'true: the model was trained on synthetic data' })),
});
export type Prediction = Static<typeof Prediction>;

export const Predictions = Type.Object(
  { predictions: Type.Array(Prediction) },
  {
    description: 'one prediction per row, in the order of the request, all by one version',
    examples: [
      {
        predictions: [
          {
            model: 'citibike-trips',
            prediction: 1234.5,
            version: '3',
            date: EXAMPLE_HOUR.date,
            imputed: ['PRCP'],
          },
          {
            model: 'citibike-trips',
            prediction: 6543.2,
            version: '3',
            date: '2026-09-16T18:00:00',
            imputed: [],
            warnings: [
              {
                code: 'growth_held',
                message:
                  'the hour is more than 18 months after the training months 2024-01 to 2024-12; growth is held at its level of 2026-06-30',
                field: 'date',
              },
            ],
          },
        ],
      },
    ],
  },
);
