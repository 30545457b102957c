/** Writes synthetic rides as CSV files, with the names and the layout that the publisher used in each month. */
import { addMonths } from '../../contracts/calendar.ts';
import type { Month } from '../../contracts/months.ts';
import { FILED_BY_END_SINCE, type Ride } from './rides.ts';
import type { System } from '../../contracts/options.ts';

const HEADER = [
  'ride_id',
  'rideable_type',
  'started_at',
  'ended_at',
  'start_station_name',
  'start_station_id',
  'end_station_name',
  'end_station_id',
  'start_lat',
  'start_lng',
  'end_lat',
  'end_lng',
  'member_casual',
];

/** First month whose files quote their texts. */
const QUOTED_SINCE = '2022-09';

/** First month of the modern layout. Earlier months are not generated. */
export const FIRST_MODERN_MONTH = '2021-02';

/** Rides per file of nyc. Real files have 1,000,000. */
const RIDES_A_FILE = 10_000;

export interface PublishedMonth {
  readonly archive: string;
  /** Date of publication as `YYYY-MM-DD`. */
  readonly published: string;
  readonly csvs: readonly { readonly name: string; readonly text: string }[];
}

export function publishMonth(system: System, month: Month, rides: readonly Ride[]): PublishedMonth {
  const archive = archiveName(system, month);
  const stem = archive.replace(/(\.csv)?\.zip$/, '');
  const size = system === 'nyc' ? RIDES_A_FILE : Math.max(1, rides.length);
  const parts = Math.max(1, Math.ceil(rides.length / size));
  return {
    archive,
    published: `${addMonths(month, 1)}-04`,
    csvs: Array.from({ length: parts }, (_, part) => ({
      name: parts === 1 ? `${stem}.csv` : `${stem}_${part + 1}.csv`,
      text: csvOf(month, rides.slice(part * size, (part + 1) * size)),
    })),
  };
}

export function archiveName(system: System, month: Month): string {
  const compact = month.replace('-', '');
  if (system === 'jc')
    return `JC-${compact}-${month === '2022-07' ? 'citbike' : 'citibike'}-tripdata.csv.zip`;
  // The publisher used both endings for nyc.
  const csvZip = month >= '2024-01' && month <= '2024-04';
  return `${compact}-citibike-tripdata${csvZip ? '.csv' : ''}.zip`;
}

/** Writes the header and rides with CRLF line ends, in the publisher's layout of that month. */
function csvOf(month: Month, rides: readonly Ride[]): string {
  const { header, line } = csvFormat(month);
  return [header, ...rides.map(line), ''].join('\r\n');
}

/** Returns the header and the format of lines for a month. */
export function csvFormat(month: Month): { header: string; line: (ride: Ride) => string } {
  const quote = month >= QUOTED_SINCE ? (text: string) => `"${text}"` : (text: string) => text;
  const digits = month >= FILED_BY_END_SINCE ? 23 : 19;
  const time = (ms: number) => quote(new Date(ms).toISOString().replace('T', ' ').slice(0, digits));
  const line = ({ id, bike, started, ended, from, to, member }: Ride) =>
    [
      quote(id),
      quote(bike),
      time(started),
      time(ended),
      quote(from.name),
      quote(from.id),
      to ? quote(to.name) : '',
      to ? quote(to.id) : '',
      from.lat,
      from.lng,
      to?.lat ?? '',
      to?.lng ?? '',
      quote(member),
    ].join(',');
  return { header: HEADER.map(quote).join(','), line };
}
