/** Writes synthetic rides in the layouts of inputs/csv-layouts.yaml, as publishers wrote them in each period. */
import type { Month } from '../../contracts/months.ts';
import type { Ride } from './rides.ts';
import type { Station } from './sample-stations.ts';

export interface CsvFormat {
  readonly header: string;
  readonly line: (ride: Ride) => string;
}

/** Is the first month whose files quote their texts. */
const QUOTED_SINCE = '2022-09';
/** Is the first month with milliseconds. */
const MILLISECONDS_SINCE = '2024-06';

const SECONDS_LENGTH = 19;
const MILLISECONDS_LENGTH = 23;

/** Returns the format of a layout in a month, or undefined for an unknown layout. */
export function csvFormat(layout: string, month: Month): CsvFormat | undefined {
  const formatOf = Object.hasOwn(FORMATS, layout) ? FORMATS[layout] : undefined;
  return formatOf?.(month);
}

const FORMATS: Readonly<Record<string, (month: Month) => CsvFormat>> = {
  modern,
  legacy: () =>
    columns({
      tripduration: seconds,
      starttime: ({ started }) => time(started),
      stoptime: ({ ended }) => time(ended),
      'start station id': ({ from }) => numberOf(from),
      'start station name': ({ from }) => nameOf(from),
      'start station latitude': ({ from }) => from?.lat ?? '',
      'start station longitude': ({ from }) => from?.lng ?? '',
      'end station id': ({ to }) => numberOf(to),
      'end station name': ({ to }) => nameOf(to),
      'end station latitude': ({ to }) => to?.lat ?? '',
      'end station longitude': ({ to }) => to?.lng ?? '',
      bikeid: bikeNumber,
      usertype: subscriber,
    }),
  'trip-stoptime': () => byTrip('starttime', 'stoptime', slashTime),
  'trip-endtime': () => byTrip('start_time', 'end_time', time),
  'rental-details': () =>
    columns({
      '01 - Rental Details Rental ID': tripId,
      '01 - Rental Details Local Start Time': ({ started }) => time(started),
      '01 - Rental Details Local End Time': ({ ended }) => time(ended),
      '01 - Rental Details Bike ID': bikeNumber,
      '01 - Rental Details Duration In Seconds Uncapped': (ride) => `${seconds(ride)}.0`,
      '03 - Rental Start Station ID': ({ from }) => numberOf(from),
      '03 - Rental Start Station Name': ({ from }) => nameOf(from),
      '02 - Rental End Station ID': ({ to }) => numberOf(to),
      '02 - Rental End Station Name': ({ to }) => nameOf(to),
      'User Type': subscriber,
    }),
  'start-date': () =>
    columns({
      Duration: seconds,
      'Start date': ({ started }) => time(started),
      'End date': ({ ended }) => time(ended),
      'Start station number': ({ from }) => from?.id ?? '',
      'Start station': ({ from }) => nameOf(from),
      'End station number': ({ to }) => to?.id ?? '',
      'End station': ({ to }) => nameOf(to),
      'Bike number': (ride) => `W${bikeNumber(ride).padStart(5, '0')}`,
      'Member type': ({ member }) => (member === 'member' ? 'Member' : 'Casual'),
    }),
  'duration-sec': () =>
    columns({
      duration_sec: seconds,
      start_time: ({ started }) => `${time(started, MILLISECONDS_LENGTH)}0`,
      end_time: ({ ended }) => `${time(ended, MILLISECONDS_LENGTH)}0`,
      start_station_id: ({ from }) => numberOf(from),
      start_station_name: ({ from }) => nameOf(from),
      start_station_latitude: ({ from }) => from?.lat ?? '',
      start_station_longitude: ({ from }) => from?.lng ?? '',
      end_station_id: ({ to }) => numberOf(to),
      end_station_name: ({ to }) => nameOf(to),
      end_station_latitude: ({ to }) => to?.lat ?? '',
      end_station_longitude: ({ to }) => to?.lng ?? '',
      bike_id: bikeNumber,
      user_type: subscriber,
    }),
  'time-and-date': () =>
    columns({
      'Bike ID': bikeNumber,
      'User Type': subscriber,
      'Start Time and Date': ({ started }) => slashTime(started),
      'Stop Time and Date': ({ ended }) => slashTime(ended),
      'Start Station ID': ({ from }) => numberOf(from),
      'Start Station Name': ({ from }) => nameOf(from),
      'Start Station Lat': ({ from }) => from?.lat ?? '',
      'Start Station Long': ({ from }) => from?.lng ?? '',
      'Stop Station ID': ({ to }) => numberOf(to),
      'Stop Station Name': ({ to }) => nameOf(to),
      'Stop Station Lat': ({ to }) => to?.lat ?? '',
      'Stop Station Long': ({ to }) => to?.lng ?? '',
    }),
  passholder: () =>
    columns({
      trip_id: tripId,
      duration: ({ started, ended }) => String(Math.round((ended - started) / 60_000)),
      start_time: ({ started }) => time(started),
      end_time: ({ ended }) => time(ended),
      start_station: ({ from }) => numberOf(from),
      start_lat: ({ from }) => from?.lat ?? '',
      start_lon: ({ from }) => from?.lng ?? '',
      end_station: ({ to }) => numberOf(to),
      end_lat: ({ to }) => to?.lat ?? '',
      end_lon: ({ to }) => to?.lng ?? '',
      bike_id: bikeNumber,
      passholder_type: ({ member }) => (member === 'member' ? 'Monthly Pass' : 'Walk-up'),
    }),
  'rider-type': () =>
    columns({
      _id: tripId,
      Duration: seconds,
      'Start Station Id': ({ from }) => numberOf(from),
      'Start Date': ({ started }) => time(started).replace(' ', 'T'),
      'Start Station Name': ({ from }) => nameOf(from),
      'End Date': ({ ended }) => time(ended).replace(' ', 'T'),
      'End Station Id': ({ to }) => numberOf(to),
      'End Station Name': ({ to }) => nameOf(to),
      'Rider Type': ({ member }) => (member === 'member' ? 'MEMBER' : 'CASUAL'),
    }),
};

/** Writes the columns of older archives, whose times have different names and forms. */
function byTrip(start: string, end: string, format: (ms: number) => string): CsvFormat {
  return columns({
    trip_id: tripId,
    [start]: ({ started }) => format(started),
    [end]: ({ ended }) => format(ended),
    bikeid: bikeNumber,
    tripduration: seconds,
    from_station_id: ({ from }) => numberOf(from),
    from_station_name: ({ from }) => nameOf(from),
    to_station_id: ({ to }) => numberOf(to),
    to_station_name: ({ to }) => nameOf(to),
    usertype: subscriber,
  });
}

/** Writes the 13 columns of today, quoted or not, with or without milliseconds. */
function modern(month: Month): CsvFormat {
  const quote = month >= QUOTED_SINCE ? (text: string) => `"${text}"` : (text: string) => text;
  const length = month >= MILLISECONDS_SINCE ? MILLISECONDS_LENGTH : SECONDS_LENGTH;
  const quotedName = (station: Station | null) => (station ? quote(station.name) : '');
  const quotedId = (station: Station | null) => (station ? quote(station.id) : '');
  const { header, line } = columns({
    ride_id: ({ id }) => quote(id),
    rideable_type: ({ bike }) => quote(bike),
    started_at: ({ started }) => quote(time(started, length)),
    ended_at: ({ ended }) => quote(time(ended, length)),
    start_station_name: ({ from }) => quotedName(from),
    start_station_id: ({ from }) => quotedId(from),
    end_station_name: ({ to }) => quotedName(to),
    end_station_id: ({ to }) => quotedId(to),
    start_lat: ({ from }) => from?.lat ?? '',
    start_lng: ({ from }) => from?.lng ?? '',
    end_lat: ({ to }) => to?.lat ?? '',
    end_lng: ({ to }) => to?.lng ?? '',
    member_casual: ({ member }) => quote(member),
  });
  return { header: header.split(',').map(quote).join(','), line };
}

function columns(cells: Readonly<Record<string, (ride: Ride) => string>>): CsvFormat {
  const all = Object.values(cells);
  return { header: Object.keys(cells).join(','), line: (ride) => all.map((cell) => cell(ride)).join(',') };
}

/** Formats `2018-10-01 00:01:17`, with a longer length with a fraction. */
function time(ms: number, length = SECONDS_LENGTH): string {
  return new Date(ms).toISOString().replace('T', ' ').slice(0, length);
}

/** Formats `3/31/2016 23:59:07`. */
function slashTime(ms: number): string {
  const date = new Date(ms);
  return `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()} ${time(ms).slice(11)}`;
}

function seconds({ started, ended }: Ride): string {
  return String(Math.round((ended - started) / 1000));
}

/** Older archives number rides and bikes. The ride's id is random, so its digits serve as numbers. */
function tripId({ id }: Ride): string {
  return String(Number.parseInt(id.slice(0, 12), 16));
}

function bikeNumber({ id }: Ride): string {
  return String(1 + (Number.parseInt(id.slice(12), 16) % 5_000));
}

function numberOf(station: Station | null): string {
  return station ? String(station.number) : '';
}

function nameOf(station: Station | null): string {
  return station?.name ?? '';
}

function subscriber({ member }: Ride): string {
  return member === 'member' ? 'Subscriber' : 'Customer';
}
