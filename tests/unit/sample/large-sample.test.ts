import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hoursOfMonth } from '../../../core/ingest/gate-hours.ts';
import { csvsOf, type CsvText } from '../../csvs-of.ts';
import { writeLargeSample } from '../../sample/write-large-sample.ts';
import { FORMER_PLACE } from '../../../contracts/former-place.ts';

const RIDES = 20_000;
const NAME = '202411-citibike-tripdata.zip';
let dir: string;
let csvs: CsvText[];
let fields: string[][];

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'large-sample-'));
  const options = { rides: RIDES, month: '2024-11', csvs: 3 };
  await writeLargeSample({ out: path.join(dir, 'one'), ...options });
  await writeLargeSample({ out: path.join(dir, 'again'), ...options });
  csvs = await csvsOf(path.join(dir, 'one', NAME));
  const lines = csvs.flatMap(({ text }) => text.split('\r\n').slice(1, -1));
  fields = lines.map((line) => line.replaceAll('"', '').split(','));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('a large synthetic month', () => {
  it('is the same for the same seed, to the byte', () => {
    const bytes = (folder: string) => readFileSync(path.join(dir, folder, NAME));
    expect(bytes('again').equals(bytes('one'))).toBe(true);
  });

  it('has exactly the requested rides, each with 13 fields and a unique id', () => {
    expect(fields).toHaveLength(RIDES);
    expect(fields.every((row) => row.length === 13)).toBe(true);
    expect(new Set(fields.map(([id]) => id)).size).toBe(RIDES);
  });

  it('has the requested number of CSVs, with a header and CRLF each', () => {
    expect(csvs.map(({ name }) => name)).toEqual(
      [1, 2, 3].map((part) => `202411-citibike-tripdata_${part}.csv`),
    );
    for (const { text } of csvs) {
      expect(text.startsWith('"ride_id","rideable_type","started_at","ended_at",')).toBe(true);
      expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    }
  });

  it('has a ride in every hour of the month', () => {
    const starts = new Set(fields.map(([, , started]) => started!.slice(0, 13)));
    const hours = hoursOfMonth('2024-11', FORMER_PLACE);
    expect(hours.filter(({ date, hour }) => !starts.has(`${date} ${String(hour).padStart(2, '0')}`))).toEqual(
      [],
    );
  });

  it('files rides by the month of their end: it has strays of the month before, and none that ends later', () => {
    const months = (column: number) => new Set(fields.map((row) => row[column]!.slice(0, 7)));
    expect([...months(2)].sort()).toEqual(['2024-10', '2024-11']);
    expect([...months(3)]).toEqual(['2024-11']);
  });

  it('has rides that end before they start, and rides of hours and of days', () => {
    const minutes = fields.map(
      ([, , started, ended]) => (Date.parse(`${ended}Z`) - Date.parse(`${started}Z`)) / 60_000,
    );
    expect(minutes.some((each) => each < 0)).toBe(true);
    expect(minutes.some((each) => each > 60 && each < 1440)).toBe(true);
    expect(minutes.some((each) => each > 1440)).toBe(true);
  });

  it('says that it is synthetic and comes with its weather', () => {
    expect(readdirSync(path.join(dir, 'one')).sort()).toEqual([
      NAME,
      'SYNTHETIC.json',
      'weather-daily-2024.csv',
    ]);
  });

  it('rejects a number of rides that would leave hours empty', async () => {
    const out = path.join(dir, 'few');
    await expect(writeLargeSample({ out, rides: 100, csvs: 1 })).rejects.toThrow(RangeError);
  });
});
