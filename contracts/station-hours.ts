/** Defines what `ingest` stores of a month's stations: rides by hour of the week, name and position. */

/** Counts 24 hours for each weekday, from Monday 00:00. */
export const HOURS_OF_WEEK = 7 * 24;

/** Represents one station of a month. The rides without a station have the id `UNKNOWN_STATION`. */
export interface StationHours {
  /** Id as published; ids of different systems may be equal. */
  readonly id: string;
  /** Name that most rides of the month give; null if no ride gives one. */
  readonly name: string | null;
  /** Median latitude and longitude of the month's rides in degrees; null if no ride gives a position. */
  readonly position: readonly [latitude: number, longitude: number] | null;
  /** Rides that start at the station, by the hour of the week of their start. */
  readonly departures: readonly number[];
  /** Rides that end at the station, by the hour of the week of their end. A ride without a duration has no arrival. */
  readonly arrivals: readonly number[];
}

/** Represents the JSON artifact of a month's stations. A ride belongs to the month in which it starts. */
export interface StationMonth {
  readonly schemaVersion: 1;
  /** Sorted by id. */
  readonly stations: readonly StationHours[];
}

/** Weekdays that views of stations add up, by the name in addresses and options: 0 is Monday. */
export const WEEKDAY_CLASSES = {
  'mon-fri': { label: 'Monday to Friday', days: [0, 1, 2, 3, 4] },
  'sat-sun': { label: 'Saturday and Sunday', days: [5, 6] },
  all: { label: 'every day', days: [0, 1, 2, 3, 4, 5, 6] },
  mon: { label: 'Monday', days: [0] },
  tue: { label: 'Tuesday', days: [1] },
  wed: { label: 'Wednesday', days: [2] },
  thu: { label: 'Thursday', days: [3] },
  fri: { label: 'Friday', days: [4] },
  sat: { label: 'Saturday', days: [5] },
  sun: { label: 'Sunday', days: [6] },
} as const satisfies Readonly<Record<string, { readonly label: string; readonly days: readonly number[] }>>;

export type WeekdayClass = keyof typeof WEEKDAY_CLASSES;

export const WEEKDAY_CLASS_NAMES = Object.keys(WEEKDAY_CLASSES) as readonly WeekdayClass[];

/** Is the morning rush, in which stations differ most. */
export const DEFAULT_STATION_VIEW = { hour: 8, weekdays: 'mon-fri' } as const;

/** States what departures and arrivals count, for the page, the report and the documentation. */
export const STATION_COUNT_RULE =
  'A departure counts at the hour in which a ride starts, an arrival at the hour in which it ends, both in local time. ' +
  'Net flow is arrivals minus departures. Rides belong to the month in which they start.';

/** Says why a month has no stations, and how to get them. Returns null if it has some. */
export function missingStations(month: {
  readonly system: string;
  readonly month: string;
  readonly stations?: unknown;
}): string | null {
  if (month.stations) return null;
  return month.stations === null
    ? `${month.system} ${month.month} was made from processed hours, which name no stations. Ingest its trip archive instead.`
    : `${month.system} ${month.month} was ingested before stations were stored. Ingest the month again to add arrivals by hour, names ` +
        'and positions.';
}
