import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { writeSample } from '../../../client/write-sample.ts';
import { PROJECT_DIR } from '../../../settings.ts';
import { csvsOf } from '../../csvs-of.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'publishers-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function sampleOf(system: string, from: string, to: string) {
  const folder = path.join(dir, `${system}-${from}`);
  await writeSample({ out: folder, system, from, to, ridesPerMonth: 2_000 });
  const archives = readdirSync(folder).filter(
    (name) => /\.(zip|csv)$/.test(name) && !name.startsWith('weather'),
  );
  const lines = async (name: string) =>
    (await csvsOf(path.join(folder, name))).flatMap(({ text }) => text.trim().split('\r\n'));
  return { folder, archives, lines };
}

describe.each([
  [
    'chicago',
    '2019-02',
    '2019-04',
    ['Divvy_Trips_2019_Q1.zip', 'Divvy_Trips_2019_Q2.zip'],
    /^trip_id,start_time,end_time,bikeid,tripduration,from_station_id,/,
    /^\d+,2019-02-01 \d\d:\d\d:\d\d,2019-/,
  ],
  [
    'chicago',
    '2016-05',
    '2016-05',
    ['Divvy_Trips_2016_Q1Q2.zip'],
    /^trip_id,starttime,stoptime,/,
    /^\d+,5\/1\/2016 \d\d:\d\d:\d\d,5\//,
  ],
  [
    'washington',
    '2017-12',
    '2018-01',
    ['2017-capitalbikeshare-tripdata.zip', '201801-capitalbikeshare-tripdata.zip'],
    /^Duration,Start date,End date,Start station number,/,
    /^\d+,2017-12-01 .*,31\d{3},/,
  ],
  [
    'boston',
    '2018-04',
    '2018-05',
    ['201804-hubway-tripdata.zip', '201805-bluebikes-tripdata.zip'],
    /^tripduration,starttime,stoptime,start station id,/,
    /^\d+,2018-04-01 /,
  ],
  [
    'san-francisco',
    '2018-01',
    '2018-01',
    ['201801-fordgobike-tripdata.csv.zip'],
    /^duration_sec,start_time,end_time,/,
    /^\d+,2018-01-01 \d\d:\d\d:\d\d\.\d{4},/,
  ],
  ['chicago', '2024-03', '2024-03', ['202403-divvy-tripdata.zip'], /^"ride_id",/, /,"TA13070000\d\d",/],
])('the sample of %s from %s to %s', (system, from, to, names, header, line) => {
  it('has the names and the layout of its publisher', async () => {
    const { archives, lines } = await sampleOf(system, from, to);
    expect(archives).toEqual(names);
    const [first, ...rows] = await lines(archives[0]!);
    expect(first).toMatch(header);
    expect(rows.length).toBeGreaterThan(1_000);
    expect(rows.some((row) => line.test(row))).toBe(true);
  });
});

describe('a synthetic March and November of Chicago', () => {
  it('skip 02:00 in spring and have two passes of 01:00 in autumn, with rides that end before they start', async () => {
    const { archives, lines } = await sampleOf('chicago', '2024-03', '2024-11');
    const startsOf = async (name: string) =>
      (await lines(name)).slice(1).map((row) => row.replaceAll('"', '').split(',').slice(2, 4));
    const march = await startsOf(archives.find((name) => name.startsWith('202403'))!);
    const november = await startsOf(archives.find((name) => name.startsWith('202411'))!);
    expect(march.some(([started]) => started!.startsWith('2024-03-10 02'))).toBe(false);
    expect(march.some(([started]) => started!.startsWith('2024-03-11 02'))).toBe(true);
    const backwards = november.filter(([started, ended]) => ended! < started!);
    expect(backwards.every(([started]) => started!.startsWith('2024-11-03 01'))).toBe(true);
  });

  it('has the cold January of Chicago, and San Francisco has no winter', async () => {
    const highOf = async (system: string) => {
      const { folder } = await sampleOf(system, '2025-01', '2025-01');
      const text = readFileSync(path.join(folder, 'weather-daily-2025.csv'), 'utf8').trim();
      const [header, ...days] = text.split('\n').map((line) => line.split(','));
      const at = header!.indexOf('TMAX');
      return days.reduce((sum, day) => sum + Number(day[at]), 0) / days.length;
    };
    expect(Math.abs((await highOf('chicago')) - 31.6)).toBeLessThan(8);
    expect(Math.abs((await highOf('san-francisco')) - 57.8)).toBeLessThan(8);
  });
});

it('an archive that ends in .csv.gz is a gzipped CSV', async () => {
  const systems = mkdtempSync(path.join(tmpdir(), 'systems-'));
  const facts = readFileSync(path.join(PROJECT_DIR, 'systems', 'washington.yaml'), 'utf8')
    .replace('id: washington', 'id: gzipped')
    .replace(/archives:\n/, "archives:\n    - name: '{YYYY}{MM}-rides.csv.gz'\n");
  writeFileSync(path.join(systems, 'gzipped.yaml'), facts);
  vi.stubEnv('SYSTEMS_DIR', systems);
  try {
    const { folder } = await sampleOf('gzipped', '2024-03', '2024-03');
    const csv = gunzipSync(readFileSync(path.join(folder, '202403-rides.csv.gz'))).toString('utf8');
    expect(csv.split('\r\n').length).toBeGreaterThan(1_000);
  } finally {
    vi.unstubAllEnvs();
    rmSync(systems, { recursive: true });
  }
});

it('months before the first archive are rejected', async () => {
  await expect(sampleOf('chicago', '2012-12', '2013-01')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
});
