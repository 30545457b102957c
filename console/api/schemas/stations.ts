/** Schemas of the stations of a month. */
import { Type, type Static } from 'typebox';
import { Month } from '../../../contracts/months.ts';
import { WEEKDAY_CLASS_NAMES, type WeekdayClass } from '../../../contracts/station-hours.ts';
import { Answer, Nullable } from './common.ts';

const Weekdays = Type.Unsafe<WeekdayClass>(
  Type.Union(
    WEEKDAY_CLASS_NAMES.map((name) => Type.Literal(name)),
    { description: 'weekdays that are added up: mon-fri, sat-sun, all or one day such as tue' },
  ),
);

export const StationsQuery = Type.Object({
  system: Type.Optional(
    Type.String({
      pattern: '^[a-z][a-z0-9-]{0,50}$',
      description: 'id of a system such as jc, or jc-synthetic; default: nyc, or the first one with months',
    }),
  ),
  month: Type.Optional(Type.String({ ...Month, description: 'YYYY-MM; default: the newest ingested month' })),
  hour: Type.Optional(
    Type.String({
      pattern: '^(all|[01]?[0-9]|2[0-3])$',
      default: '8',
      description: "an hour from 0 to 23, local time, or 'all' for the whole day",
    }),
  ),
  weekdays: Type.Optional(Weekdays),
  station: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'id of a station whose hours are returned too',
    }),
  ),
});
export type StationsQuery = Static<typeof StationsQuery>;

const rideCounts = {
  departures: Type.Integer(),
  arrivals: Type.Integer(),
};
const RideCounts = Type.Object(rideCounts);
const OneStation = { id: Type.String(), name: Nullable(Type.String()) };

const StationFlowBody = Type.Object({
  ...OneStation,
  position: Nullable(
    Type.Array(Type.Number(), {
      minItems: 2,
      maxItems: 2,
      description: 'median latitude and longitude of the rides in degrees; null if the rides give none',
    }),
  ),
  ...rideCounts,
  net: Type.Integer({ description: 'arrivals minus departures' }),
});

const StationsBody = Type.Object({
  systems: Type.Array(Type.String({ description: 'systems with ingested months' })),
  system: Nullable(Type.String()),
  months: Type.Array(Type.String({ description: 'ingested months of the system, YYYY-MM, in order' })),
  month: Nullable(Type.String()),
  hour: Nullable(Type.Integer({ description: 'null for the whole day' })),
  weekdays: Weekdays,
  missing: Nullable(Type.String({ description: 'why there are no figures, and what to do' })),
  provisional: Type.Boolean({ description: 'true until the next month is ingested' }),
  figures: Nullable(
    Type.Object({
      days: Type.Integer({ description: 'days of the month with these weekdays' }),
      stations: Type.Array(StationFlowBody, { description: 'sorted by net flow, the greatest loss first' }),
      total: RideCounts,
      withoutStation: RideCounts,
      withoutEnd: Type.Integer({ description: 'rides of the month whose duration is unknown' }),
      byHour: Type.Array(RideCounts, { description: 'all stations, for each hour of the day' }),
    }),
  ),
  chosen: Nullable(
    Type.Object({
      ...OneStation,
      byHour: Type.Array(RideCounts, { description: 'for each hour of the day' }),
    }),
  ),
});
export type StationsBody = Static<typeof StationsBody>;

export const StationsAnswer = Answer(Nullable(StationsBody));
