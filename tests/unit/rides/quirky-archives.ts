/** Builds small archives with the harmless irregularities of twelve years of real ones. */
import { APPLE_DOUBLE } from '../../../client/write-sample.ts';
import { zipOf } from '../../../client/zip-of.ts';

export interface QuirkyArchive {
  readonly name: string;
  readonly zip: Buffer;
}

const LEGACY =
  'tripduration,starttime,stoptime,start station id,start station name,start station latitude,start station longitude,end station id,end station name,end station latitude,end station longitude,bikeid,usertype,birth year,gender';
const LEGACY_IN_TITLE_CASE =
  'Trip Duration,Start Time,Stop Time,Start Station ID,Start Station Name,Start Station Latitude,Start Station Longitude,End Station ID,End Station Name,End Station Latitude,End Station Longitude,Bike ID,User Type,Birth Year,Gender';
const MODERN =
  'ride_id,rideable_type,started_at,ended_at,start_station_name,start_station_id,end_station_name,end_station_id,start_lat,start_lng,end_lat,end_lng,member_casual';

const LONG_NAME = 'Plaza of the "Old Ferry", Pier 11, at Gouverneur Ln & South St';

const quoted = (line: string) => line.replaceAll(/[^,]+/g, '"$&"');

function legacy(started: string, ended: string, user = 'Subscriber', born = '1982'): string {
  return `326,${started},${ended},3186,Grove St PATH,40.71,-74.04,3203,Hamilton Park,40.72,-74.04,24647,${user},${born},1`;
}

function modern(id: string, started: string, ended: string, bike = 'classic_bike', end = 'JC009'): string {
  return `${id},${bike},${started},${ended},Grove St,5065.10,Park,${end},40.71,-74.04,40.72,-74.04,member`;
}

const text = (lines: readonly string[], lineEnd = '\n') => Buffer.from(lines.join(lineEnd));

export async function writeQuirkyArchives(): Promise<QuirkyArchive[]> {
  const archive = async (name: string, entries: Readonly<Record<string, Uint8Array>>) => ({
    name,
    zip: await zipOf(
      Object.entries(entries).map(([entry, content]) => ({ name: entry, content })),
      '2024-09-04',
    ),
  });
  const may = [
    quoted(MODERN),
    // Durations are exactly 60 minutes, a millisecond less, zero, and negative when the clocks fall back.
    quoted(modern('A000000000000001', '2024-05-03 08:00:00.000', '2024-05-03 09:00:00.000')),
    quoted(modern('A000000000000002', '2024-05-03 08:00:00.001', '2024-05-03 09:00:00.000')),
    quoted(modern('A000000000000003', '2024-05-03 08:00:00.000', '2024-05-03 08:00:00.000')),
    quoted(modern('A000000000000004', '2024-05-03 08:59:59.000', '2024-05-03 08:09:59.000')),
    // One ride took six days and was never docked; one has no end, and one no start.
    quoted(
      modern('A000000000000005', '2024-05-20 10:00:00.000', '2024-05-26 09:00:00.000', 'docked_bike', ''),
    ),
    quoted(modern('A000000000000006', '2024-05-20 10:00:00.000', '', 'electric_bike', '')),
    quoted(modern('A000000000000007', '', '2024-05-20 10:00:00.000')),
    quoted(modern('A000000000000008', '2024-05-31 23:55:00.000', '2024-06-01 00:05:00.000')),
    `"A000000000000009","classic_bike","2024-05-04 12:00:00.000","2024-05-04 12:10:00.000","${LONG_NAME.replaceAll('"', '""')}","HB101",,,40.7,-74.0,,,"casual"`,
  ];
  const june = [
    quoted(MODERN),
    // One row is a copy of a ride in May's file, and one is only here.
    quoted(modern('A000000000000008', '2024-05-31 23:55:00.000', '2024-06-01 00:05:00.000')),
    quoted(modern('A000000000000010', '2024-05-31 23:59:00.000', '2024-06-01 00:09:00.000')),
    quoted(modern('A000000000000011', '2024-06-01 00:00:00.000', '2024-06-01 00:09:00.000')),
    // Some ids occur twice, of which the earlier start counts; others are not hexadecimal.
    quoted(modern('A000000000000012', '2024-06-09 12:00:00.000', '2024-06-09 12:09:00.000')),
    quoted(modern('A000000000000012', '2024-06-08 11:00:00.000', '2024-06-08 11:09:00.000')),
    quoted(modern('a-ride', '2024-06-08 11:00:00.000', '2024-06-08 11:09:00.000')),
    '',
  ];
  return Promise.all([
    archive('JC-201509-citibike-tripdata.csv.zip', {
      '.DS_Store': APPLE_DOUBLE,
      'JC-201509-citibike-tripdata.csv': text([
        `\uFEFF${quoted(LEGACY)}`,
        quoted(legacy('9/1/2015 0:01', '9/1/2015 0:11')),
        quoted(legacy('9/1/2015 0:01', '9/1/2015 0:11')),
        quoted(legacy('9/30/2015 23:59:59', '10/1/2015 0:05:00', 'Customer', '')),
        '',
        '',
      ]),
      '__MACOSX/._JC-201509-citibike-tripdata.csv': APPLE_DOUBLE,
    }),
    archive('JC-201612-citibike-tripdata.csv.zip', {
      'JC-201612 citibike-tripdata.csv': text([
        LEGACY_IN_TITLE_CASE,
        legacy('2016-12-01 00:00:01', '2016-12-01 00:10:01', 'Subscriber', '\\N'),
        legacy('2016-12-31 23:00:00', '2017-01-01 00:30:00', ''),
        legacy('2016-12-31 23:30:00', '2017-01-01 00:10:00', 'Customer', '1969.0'),
      ]),
    }),
    archive('JC-202102-citibike-tripdata.csv.zip', {
      'JC-202102-citibike-tripdata/JC-202102-citibike-tripdata_1.csv': text(
        [
          MODERN,
          modern('B000000000000001', '2021-02-01 07:00:00', '2021-02-01 07:30:00'),
          modern('B000000000000002', '2021-02-01 07:00:00', '2021-02-01 07:30:00'),
          '',
        ],
        '\r\n',
      ),
      'JC-202102-citibike-tripdata/JC-202102-citibike-tripdata_2.csv': text(
        [MODERN, modern('B000000000000002', '2021-02-01 07:00:00', '2021-02-01 07:30:00'), ''],
        '\r\n',
      ),
      '__MACOSX/JC-202102-citibike-tripdata/._JC-202102-citibike-tripdata_1.csv': APPLE_DOUBLE,
    }),
    archive('JC-202405-citibike-tripdata.csv.zip', { 'JC-202405-citibike-tripdata.csv': text(may, '\r\n') }),
    archive('JC-202406-citibike-tripdata.csv.zip', { 'JC-202406-citibike-tripdata.csv': text(june, '\r\n') }),
  ]);
}
