/** Defines the facts of a bike-share system: the content of `systems/<id>.yaml`. */
import { Type, type Static } from 'typebox';
import { Month } from './months.ts';

/** Names the system of inputs that name none. */
export const DEFAULT_SYSTEM = 'nyc';

/** Names the registered model of the default system, which commands and services use unless they name another. */
export const DEFAULT_MODEL = 'citibike-trips';

/** Defines the form of an id. Names of synthetic data end with `-synthetic`, so no id does. */
export const SystemId = Type.String({
  title: 'bike-share system',
  pattern: '^(?!.*-synthetic$)[a-z][a-z0-9-]{0,39}$',
  default: DEFAULT_SYSTEM,
  description: 'the id of a system, a file in systems/: small letters, digits and -, such as nyc',
});
export type SystemId = Static<typeof SystemId>;

/** Names the calendars of holidays (core/features/holidays.ts). */
export const HolidayCalendar = Type.Union(
  [
    Type.Literal('us-federal'),
    Type.Literal('massachusetts'),
    Type.Literal('district-of-columbia'),
    Type.Literal('illinois'),
    Type.Literal('california'),
  ],
  { description: "'us-federal', 'massachusetts', 'district-of-columbia', 'illinois' or 'california'" },
);
export type HolidayCalendar = Static<typeof HolidayCalendar>;

const latitude = Type.Number({ minimum: -66, maximum: 66, description: 'degrees north, from -66 to 66' });
const longitude = Type.Number({ minimum: -180, maximum: 180, description: 'degrees east, from -180 to 180' });
const line = Type.String({ minLength: 1, maxLength: 200, description: 'a text of 1 to 200 characters' });

/** Defines what features need to know of a place. A model carries it, so that it predicts alone. */
export const Place = Type.Object(
  {
    /** Time zone of the trips' wall clock, as IANA names it. */
    timeZone: Type.String({
      pattern: '^[A-Za-z_]+(/[A-Za-z0-9_+-]+){0,2}$',
      maxLength: 60,
      description: 'a time zone such as America/New_York',
    }),
    latitude,
    longitude,
    holidays: HolidayCalendar,
  },
  { additionalProperties: false },
);
export type Place = Static<typeof Place>;

const FileName = Type.String({
  pattern: '^[^/\\\\\\x00-\\x1f\\x7f]+\\.(csv|zip|gz|parquet)$',
  maxLength: 200,
  description: 'a file name that ends in .csv, .zip, .gz or .parquet, such as {YYYY}{MM}-tripdata.zip',
});

/**
 * Defines a name under which archives were published. `{YYYY}`, `{MM}` and `{Q}` stand for year, month and quarter, and
 * decide which months a file holds; `months` says it for a name without them. Blanks, `-` and `_` are equal, and so is case.
 */
const ArchiveName = Type.Object(
  {
    name: FileName,
    /** First and last month for which the publisher used the name. */
    from: Type.Optional(Month),
    to: Type.Optional(Month),
    months: Type.Optional(
      Type.Object({ from: Month, to: Month }, { additionalProperties: false, description: 'from and to' }),
    ),
  },
  { additionalProperties: false, description: 'an object with name, and if needed from, to or months' },
);
export type ArchiveName = Static<typeof ArchiveName>;

/** Defines the synthetic system that `citibike sample` writes. */
const SampleFacts = Type.Object(
  {
    stations: Type.Integer({ minimum: 2, maximum: 5_000, description: 'an integer from 2 to 5000' }),
    ridesPerDay: Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'rides of a mean day' }),
    /** Rides of a mean month that the command writes. The default is 30 mean days. */
    ridesPerMonth: Type.Optional(
      Type.Integer({ minimum: 2_000, maximum: 30_000_000, description: 'rides of a mean month' }),
    ),
    /** Form of the station ids. The first run of `#` stands for the number of the station. The default is decimals such as 5007.10. */
    stationIds: Type.Optional(
      Type.String({ pattern: '^[^#,"]*#{2,9}[^#,"]*$', maxLength: 40, description: 'a text such as JC###' }),
    ),
    /** South-west corner of the stations. Default: the position of the system lies in the middle. */
    corner: Type.Optional(Type.Object({ latitude, longitude }, { additionalProperties: false })),
    /** Share of rides without a start station, which bikes without docks have. The default is 0. */
    freeFloating: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'a share from 0 to 1' })),
    /** Daily high in °F: its mean over the year and the swing around it. The default is the normals. */
    highs: Type.Optional(
      Type.Object({ mean: Type.Number(), swing: Type.Number() }, { additionalProperties: false }),
    ),
    /** Names of archives, if the sample does not need all of `trips.archives`. */
    archives: Type.Optional(Type.Array(ArchiveName, { minItems: 1, maxItems: 50 })),
    /** Layouts of the CSVs by period. The first that fits a month is used. The default is `modern` since 2021-02, or the first of `trips.layouts`. */
    layouts: Type.Optional(
      Type.Array(
        Type.Object(
          { layout: line, from: Type.Optional(Month), to: Type.Optional(Month) },
          { additionalProperties: false, description: 'layout, and if needed from or to' },
        ),
        { minItems: 1, maxItems: 20 },
      ),
    ),
    /** Most rides of one CSV; more rides make several CSVs. The default is one CSV. */
    ridesPerFile: Type.Optional(Type.Integer({ minimum: 1_000, description: 'rides of one CSV' })),
    /** Replaces `trips.filedByEndSince`. */
    filedByEndSince: Type.Optional(Month),
  },
  { additionalProperties: false, description: 'the size and form of the synthetic system' },
);

export const SystemFacts = Type.Object(
  {
    id: Type.String({ ...SystemId, default: undefined }),
    /** Name of the place, such as `New York`. */
    name: line,
    /** Name of the bikes for people, such as `Citi Bike`. */
    brand: line,
    operator: line,
    ...Place.properties,
    weather: Type.Object(
      {
        station: Type.String({
          pattern: '^[A-Z]{2}[A-Z0-9]{9}$',
          description: 'a GHCN-Daily station id such as USW00014732',
        }),
        /** Mean daily maximum of January to December in °F, which tells °F from °C in files that do not say it. */
        normalHighs: Type.Array(Type.Number({ minimum: -40, maximum: 130 }), {
          minItems: 12,
          maxItems: 12,
          description: 'twelve temperatures in °F, January first',
        }),
        /** Point for which forecasts are read. */
        forecast: Type.Object({ latitude, longitude }, { additionalProperties: false }),
      },
      { additionalProperties: false },
    ),
    trips: Type.Object(
      {
        /** First published month. */
        firstMonth: Month,
        /** Address of the archives. */
        source: Type.String({
          pattern: '^https://.+',
          maxLength: 500,
          description: 'an address of https://',
        }),
        /** The newest style comes first. */
        archives: Type.Array(ArchiveName, { minItems: 1, maxItems: 50 }),
        /** Further names of archives that are read, but never requested from the publisher. */
        alsoRead: Type.Optional(Type.Array(FileName, { maxItems: 20, description: 'names of archives' })),
        /** Layouts of the CSVs (inputs/csv-layouts.yaml). */
        layouts: Type.Array(line, { minItems: 1, maxItems: 20, description: 'names of layouts' }),
        /** Meaning of an hour without rides: missing data, or a real zero. */
        emptyHour: Type.Union([Type.Literal('missing'), Type.Literal('zero')], {
          description: "'missing' or 'zero'",
        }),
        /** First month from which files hold the rides that end, instead of start, in it. */
        filedByEndSince: Type.Optional(Month),
      },
      { additionalProperties: false },
    ),
    /** Registered model, unless an input names one. The default is `<id>-trips`. */
    model: Type.Optional(
      Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$', description: 'a model name' }),
    ),
    /** Bounds of the quality gate that replace those of inputs/quality.yaml, by check. */
    quality: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'bounds by check' })),
    sample: Type.Optional(SampleFacts),
  },
  { additionalProperties: false, description: 'the facts of a system, as in systems/nyc.yaml' },
);
export type SystemFacts = Static<typeof SystemFacts>;

/** Returns the registered model of a system. */
export function modelOf({ id, model }: SystemFacts): string {
  return model ?? `${id}-trips`;
}
