import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSample } from '../../../client/write-sample.ts';
import { hoursOfMonth } from '../../../core/ingest/gate-hours.ts';
import { csvsOf } from '../../csvs-of.ts';
import { FORMER_PLACE } from '../../../contracts/former-place.ts';

let dir: string;
beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'sample-'));
  const span = { from: '2024-10', to: '2024-12', ridesPerMonth: 4_000 };
  await writeSample({ out: path.join(dir, 'nyc'), ...span });
  await writeSample({ out: path.join(dir, 'again'), ...span });
  await writeSample({
    out: path.join(dir, 'jc'),
    system: 'jc',
    from: '2022-07',
    to: '2022-09',
    ridesPerMonth: 2_000,
  });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const digests = (folder: string) =>
  readdirSync(path.join(dir, folder)).map((name) => [
    name,
    createHash('sha256')
      .update(readFileSync(path.join(dir, folder, name)))
      .digest('hex'),
  ]);

async function textsOf(folder: string, archive: string): Promise<string[]> {
  return (await csvsOf(path.join(dir, folder, archive))).map(({ text }) => text);
}

describe('the synthetic system', () => {
  it('is the same for the same seed, to the byte', () => {
    expect(digests('again')).toEqual(digests('nyc'));
  });

  it('says that it is synthetic', () => {
    expect(JSON.parse(readFileSync(path.join(dir, 'nyc', 'SYNTHETIC.json'), 'utf8'))).toMatchObject({
      synthetic: true,
      system: 'nyc',
    });
  });

  it('has weather from the month before, with two days missing', () => {
    const text = readFileSync(path.join(dir, 'nyc', 'weather-daily-2024.csv'), 'utf8');
    const dates = text
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.slice(0, 10));
    expect(dates[0]).toBe('2024-09-01');
    expect(dates).toHaveLength(30 + 31 + 30 + 31 - 2);
    expect(dates).not.toContain('2024-10-11');
  });

  it('writes CRLF, quotes from 2022-09 on, and the typo of 2022-07', async () => {
    const [july] = await textsOf('jc', 'JC-202207-citbike-tripdata.csv.zip');
    const [september] = await textsOf('jc', 'JC-202209-citibike-tripdata.csv.zip');
    expect(july).toMatch(/^ride_id,rideable_type,[^"\n]*\r\n[0-9A-F]{16},/);
    expect(september).toMatch(/^"ride_id","rideable_type",[^\n]*\r\n"[0-9A-F]{16}",/);
  });

  it('has strays, rides that end before they start, that take days, and that were never docked', async () => {
    const november = (await textsOf('nyc', '202411-citibike-tripdata.zip')).join('\n');
    const rows = november.split('\r\n').filter((line) => /^"[0-9A-F]{16}"/.test(line));
    const fields = rows.map((row) => row.replaceAll('"', '').split(','));
    const times = fields.map((row) => [row[2]!, row[3]!] as const);
    expect(times.some(([started]) => started.startsWith('2024-10-31 23'))).toBe(true);
    expect(times.some(([started, ended]) => started.startsWith('2024-11-03 01') && ended < started)).toBe(
      true,
    );
    expect(times.some(([started, ended]) => Date.parse(ended) - Date.parse(started) > 86_400_000)).toBe(true);
    expect(fields.some((row) => row[6] === '' && row[7] === '')).toBe(true);
    expect(fields.every((row) => /\.\d{3}$/.test(row[2]!))).toBe(true);
  });

  it('has a ride in every hour of nyc', async () => {
    const texts: string[] = [];
    for (const name of readdirSync(path.join(dir, 'nyc')).filter((each) => each.endsWith('.zip')))
      texts.push(...(await textsOf('nyc', name)));
    const starts = new Set(texts.join('').match(/(?<=_bike",")[\d-]{10} \d\d/g));
    const hours = ['2024-10', '2024-11', '2024-12'].flatMap((month) => hoursOfMonth(month, FORMER_PLACE));
    const without = hours.filter(({ date, hour }) => !starts.has(`${date} ${String(hour).padStart(2, '0')}`));
    expect(hours).toHaveLength(744 + 720 + 744);
    expect(without).toEqual([]);
  });

  it('has the same bytes as in version 0.1.0', async () => {
    const texts = [
      ...(await textsOf('nyc', '202411-citibike-tripdata.zip')),
      ...(await textsOf('jc', 'JC-202207-citbike-tripdata.csv.zip')),
    ];
    expect(texts.map((text) => createHash('sha256').update(text).digest('hex'))).toEqual([
      'b92d6c4bf7b8198a0d5599ab0078427060ce3063d25733496bd34fa42f85a47f',
      '06dea18280d0c352640f93ceaf2cb756f1c7e327f70634aaa6606410568d3fff',
    ]);
  });

  it('never overwrites a folder that is not a sample', async () => {
    const out = mkdtempSync(path.join(dir, 'foreign-'));
    writeFileSync(path.join(out, 'precious.txt'), 'x');
    await expect(writeSample({ out })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(existsSync(path.join(out, 'precious.txt'))).toBe(true);
  });
});
