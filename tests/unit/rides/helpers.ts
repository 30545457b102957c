import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readRides, type ReadRidesInput, type ArchiveRides } from '../../../adapters/rides/read-rides.ts';
import { DURATION_RULES } from '../../../core/ingest/ride-rules.ts';
import { zipOf } from '../../../client/zip-of.ts';

export const HEADER =
  'ride_id,rideable_type,started_at,ended_at,start_station_name,start_station_id,end_station_name,end_station_id,start_lat,start_lng,end_lat,end_lng,member_casual';

export const LEGACY_HEADER =
  'tripduration,starttime,stoptime,start station id,start station name,end station id,end station name,bikeid,usertype';

/** Returns a row of a modern CSV. */
export function ride(id: string, started: string, ended: string, from = 'JC1', to = 'JC2'): string {
  return `${id},classic_bike,${started},${ended},A St,${from},B St,${to},40.1,-74.1,40.2,-74.2,member`;
}

export function csvText(lines: readonly string[], header = HEADER): string {
  return [header, ...lines, ''].join('\r\n');
}

/** Reads CSVs as one archive of 2024-08, given as texts or as a file. */
export async function read(
  dir: string,
  csvs: string | Readonly<Record<string, string | Uint8Array>>,
  options: Partial<ReadRidesInput> = {},
): Promise<ArchiveRides> {
  const name = typeof csvs === 'string' ? 'rides.csv' : 'rides.zip';
  const file = path.join(dir, name);
  const entries = Object.entries(csvs).map(([entry, content]) => ({
    name: entry,
    content: Buffer.from(content as string),
  }));
  writeFileSync(file, typeof csvs === 'string' ? csvs : await zipOf(entries, '2024-09-04'));
  return readRides({
    name,
    file,
    month: '2024-08',
    rule: DURATION_RULES.seed,
    dir: mkdtempSync(path.join(dir, 'parts-')),
    ...options,
  });
}

/** Returns `[date, hour, trips]` of every hour with a ride. */
export function tripsOf(parts: ArchiveRides): [string, number, number][] {
  return parts.hours.rows.map(({ date, hour, trips }) => [date, hour, trips]);
}
