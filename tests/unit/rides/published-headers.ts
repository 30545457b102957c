/** Lists the published headers of trip CSVs, with one published time each. */

export interface PublishedHeader {
  readonly layout: string;
  readonly header: string;
  /** Start and end of a ride, as files with this header write them. */
  readonly times: readonly [started: string, ended: string];
}

const of = (layout: string, header: string, started: string, ended: string): PublishedHeader => ({
  layout,
  header,
  times: [started, ended],
});

const MODERN =
  'ride_id,rideable_type,started_at,ended_at,start_station_name,start_station_id,end_station_name,end_station_id,start_lat,start_lng,end_lat,end_lng,member_casual';
const LEGACY =
  'tripduration,starttime,stoptime,start station id,start station name,start station latitude,start station longitude,end station id,end station name,end station latitude,end station longitude,bikeid,usertype';
const TITLE_CASE =
  'Trip Duration,Start Time,Stop Time,Start Station ID,Start Station Name,Start Station Latitude,Start Station Longitude,End Station ID,End Station Name,End Station Latitude,End Station Longitude,Bike ID,User Type,Birth Year,Gender';
const STOPTIME =
  'trip_id,starttime,stoptime,bikeid,tripduration,from_station_id,from_station_name,to_station_id,to_station_name,usertype,gender';
const ENDTIME =
  'trip_id,start_time,end_time,bikeid,tripduration,from_station_id,from_station_name,to_station_id,to_station_name,usertype,gender,birthyear';
const DURATION_SEC =
  'duration_sec,start_time,end_time,start_station_id,start_station_name,start_station_latitude,start_station_longitude,end_station_id,end_station_name,end_station_latitude,end_station_longitude,bike_id,user_type';

export const PUBLISHED_HEADERS: readonly PublishedHeader[] = [
  of('modern', MODERN, '2021-01-08 17:58:48', '2021-01-08 18:25:23'),
  of('modern', `${MODERN},is_equity`, '2020-04-24 18:38:00.501', '2020-04-24 19:00:59.677'),
  of('modern', MODERN.replaceAll(/\w+/g, '"$&"'), '2024-10-05 08:00:00.123', '2024-10-05 08:09:00.456'),
  of('legacy', `${LEGACY},birth year,gender`, '2013-06-01 00:00:01', '2013-06-01 00:11:36'),
  of('legacy', `${LEGACY},postal code`, '2020-12-01 00:12:27.8580', '2020-12-01 00:17:25.3980'),
  of('legacy', TITLE_CASE, '9/21/2015 14:53', '9/21/2015 15:06'),
  of('trip-stoptime', `${STOPTIME},birthday`, '2013-06-27 12:11', '2013-06-27 12:16'),
  of('trip-stoptime', `${STOPTIME},birthyear`, '10/1/2015 0:16', '10/1/2015 0:54'),
  of(
    'trip-stoptime',
    'Trip id,Starttime,Stoptime,Bikeid,Tripduration,From station id,From station name,To station id,To station name,Usertype',
    '4/1/2018 0:16',
    '4/1/2018 0:54',
  ),
  of(
    'trip-stoptime',
    '"","Trip.id","Starttime","Stoptime","Bikeid","Tripduration","From.station.id","From.station.name","To.station.id","To.station.name","Usertype"',
    '2015-10-01 00:22:00.00',
    '2015-10-01 00:32:00.00',
  ),
  of('trip-endtime', ENDTIME, '3/31/2017 23:59:07', '4/1/2017 00:13:24'),
  of(
    'trip-endtime',
    'trip_id,start_time,end_time,bikeid,tripduration,from_station_location,from_station_id,from_station_name,to_station_location,to_station_id,to_station_name,usertype,gender,birthyear',
    '2018-03-01 07:00:29',
    '2018-03-01 07:04:32',
  ),
  of(
    'rental-details',
    '01 - Rental Details Rental ID,01 - Rental Details Local Start Time,01 - Rental Details Local End Time,01 - Rental Details Bike ID,01 - Rental Details Duration In Seconds Uncapped,03 - Rental Start Station ID,03 - Rental Start Station Name,02 - Rental End Station ID,02 - Rental End Station Name,User Type,Member Gender,05 - Member Details Member Birthday Year',
    '2018-01-01 00:12:00',
    '2018-01-01 00:17:23',
  ),
  of(
    'start-date',
    'Duration,Start date,End date,Start station number,Start station,End station number,End station,Bike number,Member type',
    '2010-09-20 11:27:04',
    '2010-09-20 11:43:56',
  ),
  of(
    'start-date',
    'Duration,Start date,End date,Start station number,Start station name,End station number,End station name,Bike number,Member type,Zip code,Gender',
    '11/30/2011 23:58',
    '12/1/2011 0:26',
  ),
  of(
    'duration-sec',
    `${DURATION_SEC},bike_share_for_all_trip`,
    '2018-01-31 16:57:39.6540',
    '2018-01-31 17:12:50.2450',
  ),
  of(
    'duration-sec',
    `${DURATION_SEC},member_birth_year,member_gender`,
    '2017-07-01 00:57:39.6540',
    '2017-07-01 01:12:50.2450',
  ),
  of('duration-sec', `${DURATION_SEC},rental_access_method`, '2020-03-01 15:56:34', '2020-03-01 16:01:02'),
  of(
    'time-and-date',
    'Bike ID,User Type,Gender,Year of Birth,Start Time and Date,Stop Time and Date,Start Station ID,Start Station Name,Start Station Lat,Start Station Long,Stop Station ID,Stop Station Name,Stop Station Lat,Stop Station Long',
    '7/28/2013 14:50:53',
    '7/28/2013 15:22:30',
  ),
  of(
    'passholder',
    'trip_id,duration,start_time,end_time,start_station,start_lat,start_lon,end_station,end_lat,end_lon,bike_id,plan_duration,trip_route_category,passholder_type,bike_type',
    '2019-07-01 00:06:00',
    '2019-07-01 00:27:00',
  ),
  of(
    'passholder',
    '"trip_id","start_time","end_time","start_station_id","end_station_id","trip_route_category","passholder_type"',
    '6/30/15 8:50',
    '6/30/15 8:57',
  ),
  of(
    'rider-type',
    '_id,Closed Status,Duration,Start Station Id,Start Date,Start Station Name,End Date,End Station Id,End Station Name,Rider Type',
    '2024-03-31T23:58:21',
    '2024-04-01T00:14:22',
  ),
];
