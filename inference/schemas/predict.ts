/** Bodies of the prediction routes. The descriptions are what a wrong value is answered with. */
import { Type, type Static, type TSchema } from 'typebox';

/** A batch of more is refused; at 10,000 rows a body of 12 features is about 3 MB. */
export const MAX_BATCH_ROWS = 10_000;

const Temperature = Type.Number({
  minimum: -60,
  maximum: 140,
  description: 'a temperature from -60 to 140 °F',
});
/** The maxima are just above the records of the United States in NOAA's State Climate Extremes: 75.8 in of snow in a day, … */
const Snowfall = Type.Number({
  minimum: 0,
  maximum: 100,
  description: 'snowfall of the day, 0 to 100 inches',
});
/** … 49.7 in of rain in a day, 451 in of snow on the ground. */
const Rain = (day: string) =>
  Type.Union([Type.Number({ minimum: 0, maximum: 60 }), Type.Null()], {
    description: `rain and melted snow of ${day}, 0 to 60 inches, or null`,
  });
const SnowDepth = Type.Union([Type.Number({ minimum: 0, maximum: 500 }), Type.Null()], {
  description: 'snow on the ground, 0 to 500 inches, or null',
});
const Wind = Type.Union([Type.Number({ minimum: 0, maximum: 200 }), Type.Null()], {
  description: 'mean wind of the day, 0 to 200 mph, or null',
});
const Holiday = Type.Union([Type.Literal(0), Type.Literal(1)], {
  description: '1 on a US federal holiday, otherwise 0',
});
const Circular = Type.Number({ minimum: -1, maximum: 1, description: 'a sine or cosine from -1 to 1' });

/** What a caller may know beyond the seed's columns; left out or null, it is imputed and named in the answer. */
const optionalWeather = {
  PRCP: Type.Optional(Rain('the day')),
  SNWD: Type.Optional(SnowDepth),
  AWND: Type.Optional(Wind),
  PRCP_yesterday: Type.Optional(Rain('the day before')),
};

const trip = { date: '2025-01-15T08:00:00', TMAX: 40, TMIN: 30, SNOW: 0 };

/** The same hour as `trip`: Wednesday, ISO week 3, January, 08:00. */
const features = {
  holiday: 0,
  TMAX: 40,
  TMIN: 30,
  SNOW: 0,
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
      pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2})?$',
      description:
        'New York local time as YYYY-MM-DDTHH:MM[:SS] without a zone; minutes are floored to the hour',
      examples: [trip.date],
    }),
    TMAX: Temperature,
    TMIN: Temperature,
    SNOW: Snowfall,
    ...optionalWeather,
    holiday: Type.Optional(Holiday),
  },
  { additionalProperties: false },
);
export type TripRow = Static<typeof TripRow>;

export const FeatureRow = Type.Object(
  {
    holiday: Holiday,
    TMAX: Temperature,
    TMIN: Temperature,
    SNOW: Snowfall,
    hr_sin: Circular,
    hr_cos: Circular,
    weekday_sin: Circular,
    weekday_cos: Circular,
    week_sin: Circular,
    week_cos: Circular,
    mnth_sin: Circular,
    mnth_cos: Circular,
    ...optionalWeather,
  },
  { additionalProperties: false },
);
export type FeatureRow = Static<typeof FeatureRow>;

/** What becomes of fields of a row that are not known. */
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

export const TripBatch = batchOf(TripRow, trip);
export const FeatureBatch = batchOf(FeatureRow, features);

/** The same, for a service that ignores fields it does not know: they are taken out before anything sees them. */
export const LenientTripBatch = batchOf(Type.Object(TripRow.properties), trip, 'ignore');
export const LenientFeatureBatch = batchOf(Type.Object(FeatureRow.properties), features, 'ignore');

export const PredictionQuery = Type.Object(
  {
    interval: Type.Optional(
      Type.Literal(0.9, {
        description:
          '0.9: answer lower and upper too, the bounds of the 90 % interval where the model has one',
      }),
    ),
  },
  { additionalProperties: false },
);
export type PredictionQuery = Static<typeof PredictionQuery>;

export const Prediction = Type.Object({
  model: Type.String(),
  prediction: Type.Number({ description: 'trips in that hour over the whole system' }),
  version: Type.String({ description: 'version number of the model' }),
  lower: Type.Optional(Type.Number()),
  upper: Type.Optional(Type.Number()),
  imputed: Type.Array(Type.String(), {
    description: 'inputs that were missing and filled from training medians',
  }),
  assumed_date: Type.Optional(
    Type.String({ description: 'the date that the 12 features, which carry no year, were taken for' }),
  ),
  synthetic: Type.Optional(Type.Boolean({ description: 'true: the model was trained on made-up data' })),
});
export type Prediction = Static<typeof Prediction>;

export const Predictions = Type.Object(
  { predictions: Type.Array(Prediction) },
  {
    description: 'one prediction a row, in the order of the request, all by one version',
    examples: [
      { predictions: [{ model: 'citibike-trips', prediction: 1234.5, version: '3', imputed: ['PRCP'] }] },
    ],
  },
);
