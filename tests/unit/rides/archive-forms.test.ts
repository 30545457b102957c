import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRides } from '../../../adapters/rides/read-rides.ts';
import { DURATION_RULES } from '../../../core/ingest/ride-rules.ts';
import { csvText, read, ride, tripsOf } from './helpers.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'archive-forms-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('a file of several months', () => {
  const rideIn = (id: string, time: string) => ride(id, time, time.replace(':00:00', ':05:00'));
  const rows = [
    rideIn('a', '2016-12-31 23:00:00'),
    rideIn('b', '2017-01-31 23:00:00'),
    rideIn('c', '2017-02-01 00:00:00'),
    rideIn('d', '2017-03-31 23:00:00'),
    rideIn('e', '2017-04-01 00:00:00'),
    ride('f', 'never', '2017-01-01 00:00:00'),
  ];

  it('is read once per month, and each row counts in one of them', async () => {
    const file = path.join(dir, 'Trips_2017_Q1.csv.gz');
    writeFileSync(file, gzipSync(csvText(rows)));
    const monthOf = (month: string) =>
      readRides({
        name: 'Trips_2017_Q1.csv.gz',
        file,
        month,
        rule: DURATION_RULES.all,
        dir: mkdtempSync(path.join(dir, 'q-')),
      });
    const parts = [await monthOf('2017-01'), await monthOf('2017-02'), await monthOf('2017-03')];
    expect(parts.map(({ facts, trips, strays }) => [facts.rows, trips, strays.length])).toEqual([
      [3, 1, 1],
      [1, 1, 0],
      [2, 1, 1],
    ]);
    expect(parts[0]!.facts.rejected.unparsable_start).toBe(1);
  });

  it('is rejected for a month without rides', async () => {
    const jan = { 'Trips_2017.csv': csvText(rows.slice(0, 2)), 'Stations_2017.csv': 'id,name\r\n1,A\r\n' };
    await expect(read(dir, jan, { month: '2017-02' })).rejects.toThrow(
      'rides.zip: none of its rides starts in 2017-02',
    );
    expect(tripsOf(await read(dir, jan, { month: '2017-01' }))).toEqual([['2017-01-31', 23, 1]]);
  });
});

describe('a gzipped CSV', () => {
  const row = ride('a', '2024-08-31 10:00:00.000', '2024-08-31 10:00:00.001');

  it.each([
    ['a bomb', gzipSync(csvText(Array.from({ length: 100_000 }, () => row))), /rejected as a gzip bomb/],
    ['a cut one', gzipSync(csvText([row])).subarray(0, 80), /cannot be inflated: unexpected end of file/],
    ['a zip', Buffer.from('PK\u0003\u0004 and more'), /cannot be inflated: incorrect header check/],
  ])('is rejected: %s', async (_what, bytes, reason) => {
    const file = path.join(dir, 'rides.csv.gz');
    writeFileSync(file, bytes);
    const input = { name: 'rides.csv.gz', file, month: '2024-08', rule: DURATION_RULES.all, dir };
    await expect(readRides(input)).rejects.toThrow(reason);
  });
});
