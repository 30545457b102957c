/** Tests the activities of fetch and preprocess against the stack's S3, in separate buckets. */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFrame } from '../../adapters/duckdb/frame-file.ts';
import { readHoursFiles } from '../../adapters/duckdb/hours-files.ts';
import { withDuckDb } from '../../adapters/duckdb/with-duckdb.ts';
import { zipOf } from '../../client/zip-of.ts';
import { writeSample } from '../../client/write-sample.ts';
import type { MonthDataset } from '../../contracts/frame.ts';
import { monthsOf } from '../../contracts/calendar.ts';
import { csvsOf } from '../csvs-of.ts';
import { filesAt, ingestLab } from '../fixtures/ingest-lab.ts';
import { run } from '../fixtures/run-activity.ts';
import { NO_REAL_DATA, realDataDir } from '../real-data.ts';
import { orSkip } from '../or-skip.ts';

const { artifacts, buckets, fetching, ingest, inputOf, keysUnder, objects, pointerOf, preprocessing } =
  ingestLab();

let dir: string;
let sample: string;
const SAMPLE_MONTHS = monthsOf({ from: '2024-11', to: '2025-01' });

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'data-plane-'));
  const out = path.join(dir, 'sample');
  await writeSample({ out, from: '2024-11', to: '2025-01', ridesPerMonth: 4_000 });
  sample = pathToFileURL(out).href;
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('the synthetic system', () => {
  it('becomes a data set in separate folders, labelled synthetic', async () => {
    const { summary, months } = await ingest({ system: 'nyc', source: sample, months: SAMPLE_MONTHS });
    expect(summary).toMatchObject({ synthetic: true, hours: 720 + 744 + 744 });
    expect(months.map(({ dataset }) => dataset.provisional)).toEqual([false, false, true]);
    expect(await keysUnder('datasets/months/nyc/')).toEqual([]);
    expect(await keysUnder('datasets/processed/')).toEqual([]);
    expect(await pointerOf('nyc-synthetic', '2024-12')).toEqual(months[1]!.dataset);
  });

  it('comes from the cache when it is ingested again', async () => {
    const again = await ingest({ system: 'nyc', source: sample, months: SAMPLE_MONTHS });
    expect(again.months.every(({ cached }) => cached)).toBe(true);
    expect(again.weather.cached).toBe(true);
    expect(again.summary.cached).toBe(true);
  });

  it('resolves where no real data were ever ingested', async () => {
    const resolved = await run(preprocessing.resolveDataset, {
      system: 'nyc',
      rules: 'seed',
      months: SAMPLE_MONTHS,
    });
    expect(resolved).toMatchObject({ synthetic: true, hours: 2208 });
  });

  it('rejects weather of another system', async () => {
    const folder = path.join(dir, 'weather');
    mkdirSync(folder);
    copyFileSync(
      path.join(dir, 'sample', 'weather-daily-2024.csv'),
      path.join(folder, 'weather-daily-2024.csv'),
    );
    const input = {
      years: [2024],
      source: pathToFileURL(folder).href,
      synthetic: true,
      required: true,
      cache: true,
    };
    await expect(run(fetching.fetchWeather, input)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('makes a frame with one row per hour and names the filled days', async () => {
    const { dataset } = await run(preprocessing.resolveDataset, {
      system: 'nyc',
      rules: 'seed',
      months: SAMPLE_MONTHS,
    });
    const span = { from: '2024-11', to: '2025-01' };
    const frame = await run(preprocessing.buildFrame, { dataset, span, cache: true });
    expect(frame).toMatchObject({ synthetic: true, cached: false, filledDays: ['2024-11-11', '2024-11-19'] });
    const rows = await readFrame(artifacts, frame.ref);
    expect(rows).toHaveLength(2208);
    expect(rows.filter(({ weather_filled }) => weather_filled)).toHaveLength(48);
    expect((await run(preprocessing.buildFrame, { dataset, span, cache: true })).cached).toBe(true);
  });
});

describe('a month', () => {
  const month = (name: string) => ({ system: 'nyc', source: sample, months: [name] }) as const;

  it('that is made twice at once is one data set', async () => {
    const listing = await run(fetching.listSource, { ...month('2024-12'), allowMissing: false });
    const about = { system: 'nyc', rules: 'all', synthetic: true } as const;
    const archive = await inputOf(about, filesAt(listing, listing.months[0]!.files)[0]!);
    const input = {
      system: 'nyc',
      rules: 'all',
      month: '2024-12',
      files: [archive],
      neighbours: [],
      complete: false,
      synthetic: true,
      cache: true,
    } as const;
    const [one, two] = await Promise.all([
      run(preprocessing.preprocessMonth, input),
      run(preprocessing.preprocessMonth, input),
    ]);
    expect(one.dataset).toEqual(two.dataset);
    expect((await run(preprocessing.preprocessMonth, { ...input, cache: false })).dataset).toEqual(
      one.dataset,
    );
  });

  it('that is cached still advances its pointer', async () => {
    const pointer = `s3://${buckets.data}/datasets/months/nyc-synthetic/seed/2024-11/current.json`;
    const before = await pointerOf('nyc-synthetic', '2024-11');
    await objects.put(pointer, JSON.stringify({ ...before, trips: 1 }));
    const { months } = await ingest(month('2024-11'));
    expect(months[0]?.cached).toBe(true);
    expect(await pointerOf('nyc-synthetic', '2024-11')).toEqual(before);
  });

  it('of a republished archive is made again', async () => {
    const name = '202412-citibike-tripdata.zip';
    const folder = path.join(dir, 'republished');
    mkdirSync(folder);
    for (const file of readdirSync(path.join(dir, 'sample')))
      copyFileSync(path.join(dir, 'sample', file), path.join(folder, file));
    const months = ['2024-12'];
    const first = await ingest({ system: 'nyc', source: pathToFileURL(folder).href, months });
    await writeSample({ out: path.join(dir, 'other'), from: '2024-11', to: '2025-01', ridesPerMonth: 5_000 });
    copyFileSync(path.join(dir, 'other', name), path.join(folder, name));
    utimesSync(path.join(folder, name), new Date(), new Date(Date.now() + 60_000));
    const second = await ingest({ system: 'nyc', source: pathToFileURL(folder).href, months });
    expect(second.months[0]!.cached).toBe(false);
    expect(second.months[0]!.dataset.trips).toBeGreaterThan(first.months[0]!.dataset.trips);
  });

  it('is provisional until the next month exists, whose strays then change only their own hours', async () => {
    const name = '202412-citibike-tripdata.zip';
    const folder = path.join(dir, 'growing');
    mkdirSync(folder);
    // Enough rides that a few are strays.
    const samples = path.join(dir, 'many');
    await writeSample({ out: samples, from: '2024-11', to: '2024-12', ridesPerMonth: 20_000 });
    for (const file of readdirSync(samples).filter((each) => each !== name))
      copyFileSync(path.join(samples, file), path.join(folder, file));
    const source = pathToFileURL(folder).href;
    const hoursOf = async ({ ref }: MonthDataset) => {
      const file = path.join(dir, ref.sha256);
      await artifacts.readToFile(ref, file);
      return readHoursFiles([file]);
    };
    const before = (await ingest({ system: 'nyc', source, months: ['2024-11'] })).months[0]!.dataset;
    copyFileSync(path.join(samples, name), path.join(folder, name));
    const after = (await ingest({ system: 'nyc', source, months: ['2024-11'] })).months[0]!.dataset;
    expect([before.provisional, after.provisional]).toEqual([true, false]);
    const [old, now] = [await hoursOf(before), await hoursOf(after)];
    const changed = now.filter((row, i) => row.trips !== old[i]!.trips);
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.every(({ date }) => date === '2024-11-30')).toBe(true);
    expect(after.trips).toBeGreaterThan(before.trips);
  });

  it('keeps the strays from its next month when that month can no longer be read', async () => {
    const folder = path.join(dir, 'shrinking');
    mkdirSync(folder);
    const samples = path.join(dir, 'many');
    for (const file of readdirSync(samples)) copyFileSync(path.join(samples, file), path.join(folder, file));
    const source = pathToFileURL(folder).href;
    const whole = (await ingest({ system: 'nyc', source, months: ['2024-11'] })).months[0]!.dataset;
    expect(whole.provisional).toBe(false);
    rmSync(path.join(folder, '202412-citibike-tripdata.zip'));
    const later = (await ingest({ system: 'nyc', source, months: ['2024-11'] })).months[0]!.dataset;
    expect(later).toEqual(whole);
    expect(await pointerOf('nyc-synthetic', '2024-11')).toEqual(whole);
  });

  it('by other rules is a second data set', async () => {
    const months = ['2024-12'];
    const seed = (await ingest({ system: 'nyc', source: sample, months })).months[0]!.dataset;
    const all = (await ingest({ system: 'nyc', source: sample, months, rules: 'all' })).months[0]!.dataset;
    expect(all.trips).toBeGreaterThan(seed.trips);
    expect(all.ref.uri).toContain('/all/2024-12/');
    expect(await pointerOf('nyc-synthetic', '2024-12')).toEqual(seed);
  });

  it('comes with the flows of all its trips', async () => {
    const { dataset } = (await ingest({ system: 'nyc', source: sample, months: ['2024-12'] })).months[0]!;
    const file = path.join(dir, 'flows.parquet');
    await artifacts.readToFile(dataset.flows!, file);
    const trips = await withDuckDb(async (connection) => {
      const sum = await connection.runAndReadAll(`SELECT sum(trips)::DOUBLE FROM read_parquet('${file}')`);
      return sum.getRowsJS()[0]![0];
    });
    expect(trips).toBe(dataset.trips);
  });

  it('that the source lacks fails by name, unless the input allows it', async () => {
    const input = { system: 'nyc', source: sample, months: ['2025-01', '2025-02'] } as const;
    await expect(run(fetching.listSource, { ...input, allowMissing: false })).rejects.toMatchObject({
      code: 'MISSING_MONTHS',
      message: expect.stringContaining('2025-02') as string,
    });
    expect((await run(fetching.listSource, { ...input, allowMissing: true })).missing).toEqual(['2025-02']);
  });
});

describe('a broken file', () => {
  const name = 'JC-202408-citibike-tripdata.csv.zip';
  let folder: string;

  async function publish(csv: string | null): Promise<void> {
    const bytes =
      csv === null
        ? '<!DOCTYPE html><p>gone'
        : await zipOf([{ name: 'a.csv', content: Buffer.from(csv) }], '2024-09-04');
    writeFileSync(path.join(folder, name), bytes);
  }

  async function ingestIt() {
    const source = pathToFileURL(folder).href;
    const listing = await run(fetching.listSource, {
      system: 'jc',
      source,
      months: ['2024-08'],
      allowMissing: false,
    });
    const file = filesAt(listing, listing.months[0]!.files)[0]!;
    const archive = await inputOf({ system: 'jc', rules: 'seed', synthetic: false }, file);
    return run(preprocessing.preprocessMonth, {
      system: 'jc',
      rules: 'seed',
      month: '2024-08',
      files: [archive],
      neighbours: [],
      complete: false,
      synthetic: false,
      cache: true,
    });
  }

  it('goes to quarantine with its reason, and the last good version stays', async () => {
    folder = path.join(dir, 'jc');
    mkdirSync(folder);
    const sound = path.join(dir, 'jc-sample');
    await writeSample({ out: sound, system: 'jc', from: '2024-08', to: '2024-08', ridesPerMonth: 20_000 });
    const [csv] = await csvsOf(path.join(sound, name));
    await publish(csv!.text);
    const good = await ingestIt();
    expect(good.dataset.trips).toBeGreaterThan(15_000);

    const lines = csv!.text.split('\r\n');
    await publish(lines.toSpliced(2, 0, '=======').join('\r\n'));
    await expect(ingestIt()).rejects.toMatchObject({
      code: 'BAD_ARCHIVE',
      message: expect.stringMatching(/JC-202408.*a\.csv, line 3: .*conflict marker/) as string,
    });
    await publish(null);
    await expect(ingestIt()).rejects.toThrow(/HTML/);

    expect(await pointerOf('jc', '2024-08')).toEqual(good.dataset);
    const kept = await keysUnder('quarantine/jc/');
    expect(kept.filter((key) => key.endsWith(name))).toHaveLength(2);
    expect(kept.filter((key) => key.endsWith('.reason.json'))).toHaveLength(2);
  });
});

const data = realDataDir();
describe.skipIf(!data)(orSkip('real processed hours of nyc', !data && NO_REAL_DATA), () => {
  const months = monthsOf({ from: '2024-01', to: '2025-03' });

  async function readBack(key: string) {
    const file = path.join(dir, path.basename(key));
    await objects.getToFile(`s3://${buckets.data}/${key}`, file);
    return file;
  }

  it('become months without a repeated hour or a lost ride, and the known yearly files', async () => {
    const { summary, months: made } = await ingest({
      system: 'nyc',
      source: pathToFileURL(data ?? '').href,
      months,
    });
    expect(summary).toMatchObject({ hours: 8783 + 2159, synthetic: false });
    expect(made.filter(({ dataset }) => dataset.provisional).map(({ dataset }) => dataset.month)).toEqual([
      '2025-03',
    ]);
    // SQL alone sums the same files: it includes the strays of 2024-12-31 in the 2025 file, and excludes that of 2023-12-31.
    const expected = await withDuckDb(async (connection) => {
      const reader = await connection.runAndReadAll(
        `SELECT sum(trips)::DOUBLE FROM read_parquet('${data}/hourly/citibike-hourly-*.parquet') WHERE date >= '2024-01-01'`,
      );
      return reader.getRowsJS()[0]![0];
    });
    expect(summary.trips).toBe(expected);
    const year = await readHoursFiles([
      await readBack('datasets/processed/citibike/2024-citibike-tripdata.parquet'),
    ]);
    expect(year).toHaveLength(8783);
    expect(await keysUnder('datasets/processed/weather/')).toContain(
      'datasets/processed/weather/2025-weather.parquet',
    );
  });

  it('stay whole in the yearly file when one month is ingested again', async () => {
    await ingest({ system: 'nyc', source: pathToFileURL(data ?? '').href, months: ['2024-06'] });
    const year = await readHoursFiles([
      await readBack('datasets/processed/citibike/2024-citibike-tripdata.parquet'),
    ]);
    expect(year).toHaveLength(8783);
  });

  it('resolve before synthetic ones, and never mix with them', async () => {
    const resolved = await run(preprocessing.resolveDataset, { system: 'nyc', rules: 'seed', months });
    expect(resolved.synthetic).toBe(false);
    const input = { system: 'nyc', rules: 'seed', months: ['2025-03', '2025-04'] } as const;
    await expect(run(preprocessing.resolveDataset, input)).rejects.toMatchObject({
      code: 'MISSING_MONTHS',
      message: expect.stringContaining('2025-04') as string,
    });
  });

  it('make the frame of 2025 Q1 with 2,159 hours and two days of weather carried forward', async () => {
    const { dataset } = await run(preprocessing.resolveDataset, { system: 'nyc', rules: 'seed', months });
    const frame = await run(preprocessing.buildFrame, {
      dataset,
      span: { from: '2025-01', to: '2025-03' },
      cache: true,
    });
    expect(frame.filledDays).toEqual(['2025-01-11', '2025-01-19']);
    const rows = await readFrame(artifacts, frame.ref);
    expect(rows).toHaveLength(2159);
    expect(rows[0]).toMatchObject({
      date: '2025-01-01',
      hour: 0,
      trips: 1583,
      holiday: 1,
      TMAX: 52,
      TMIN: 40,
    });
  });
});
