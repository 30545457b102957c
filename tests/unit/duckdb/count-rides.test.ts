import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countRides, type CountRidesInput, type RideArchive } from '../../../adapters/duckdb/count-rides.ts';
import { zipOf } from '../../../adapters/sources/zip-writer.ts';
import { DURATION_RULES } from '../../../core/quality/ride-rules.ts';
import { NO_REAL_DATA, realDataDir } from '../../real-data.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'count-rides-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const HEADER = 'ride_id,rideable_type,started_at,ended_at,start_station_id';

function csv(name: string, lines: readonly string[], header = HEADER): RideArchive {
  const file = path.join(dir, name);
  writeFileSync(file, [header, ...lines, ''].join('\r\n'));
  return { name, file };
}

const ride = (id: string, started: string, ended: string) => `${id},classic_bike,${started},${ended},5065.10`;

function count(archives: readonly RideArchive[], more: Partial<CountRidesInput> = {}) {
  return countRides({ archives, duration: DURATION_RULES.seed, workDir: dir, ...more });
}

const day = '2024-08-31';
const rows = [
  ride('shortest', `${day} 10:00:00.000`, `${day} 10:00:00.001`),
  ride('zero', `${day} 10:00:00.000`, `${day} 10:00:00.000`),
  ride('negative', `${day} 10:30:00.000`, `${day} 10:29:59.999`),
  ride('longest', `${day} 10:00:00.000`, `${day} 10:59:59.999`),
  ride('hour', `${day} 10:00:00.000`, `${day} 11:00:00.000`),
  ride('days', `${day} 10:00:00.000`, '2024-09-05 10:00:00.000'),
  ride('noend', `${day} 10:00:00.000`, ''),
  ride('nostart', 'yesterday', `${day} 10:00:00.000`),
];

describe('rides that count', () => {
  it('by the rules seed last more than 0 and less than 60 minutes, exact to the millisecond', async () => {
    const { hours, facts } = await count([csv('a.csv', rows)]);
    expect(hours).toEqual([{ date: day, hour: 10, trips: 2 }]);
    expect(facts).toMatchObject({
      rows: 8,
      rejected: { not_positive: 2, too_long: 2, unparsable_end: 1, unparsable_start: 1 },
    });
  });

  it('by the rules all have a start that parses', async () => {
    const { hours } = await count([csv('a.csv', rows)], { duration: DURATION_RULES.all });
    expect(hours).toEqual([{ date: day, hour: 10, trips: 7 }]);
  });

  it('are counted once for each ride_id over all files, ids compared as text', async () => {
    const one = csv('1.csv', [ride('10', `${day} 10:00:00`, `${day} 10:05:00`)]);
    const other = csv('2.csv', [
      ride('10', `${day} 10:00:00`, `${day} 10:05:00`),
      ride('10.0', `${day} 10:00:00`, `${day} 10:05:00`),
    ]);
    const { facts } = await count([one, other]);
    expect(facts).toMatchObject({ trips: 2, duplicates: 1 });
  });

  it('are those of the month, own and strayed, under their hour of start', async () => {
    const own = csv('own.csv', [
      ride('a', `${day} 23:10:00`, `${day} 23:20:00`),
      ride('early', '2024-07-31 23:50:00', '2024-08-01 00:10:00'),
    ]);
    const next = csv('next.csv', [
      ride('b', `${day} 23:50:00`, '2024-09-01 00:10:00'),
      ride('c', '2024-09-01 00:00:00', '2024-09-01 00:10:00'),
    ]);
    const { hours, facts } = await count([own], {
      neighbours: [next],
      days: { firstDay: '2024-08-01', lastDay: day },
    });
    expect(hours).toEqual([{ date: day, hour: 23, trips: 2 }]);
    expect(facts).toMatchObject({ otherMonths: 1, fromNeighbours: 1, trips: 2 });
  });
});

describe('counting', () => {
  it('stops when it is cancelled, with the reason given', async () => {
    const controller = new AbortController();
    controller.abort(new Error('cancelled'));
    await expect(count([csv('a.csv', rows)], { signal: controller.signal })).rejects.toThrow('cancelled');
  });

  it('leaves nothing behind in its folder but what the caller put there', async () => {
    const file = path.join(dir, 'm.zip');
    const text = `${HEADER}\n${ride('a', `${day} 08:00:00`, `${day} 08:05:00`)}\n`;
    writeFileSync(file, await zipOf([{ name: 'm.csv', content: Buffer.from(text) }], '2024-09-04'));
    await count([{ name: 'm.zip', file }]);
    expect(readdirSync(dir)).toEqual(['m.zip']);
  });
});

describe('layouts', () => {
  it('modern, quoted, with a comma in a name', async () => {
    const header = HEADER.replaceAll(/\w+/g, '"$&"');
    const row = `"a","classic_bike","${day} 08:00:00.123","${day} 08:05:00.456","Grand St, North"`;
    expect((await count([csv('q.csv', [row], header)])).hours).toEqual([{ date: day, hour: 8, trips: 1 }]);
  });

  it('legacy, both spellings and both time formats; identical rows stay, and are reported', async () => {
    const old = csv(
      'old.csv',
      ['326,2016-03-01 00:00:04,2016-03-01 00:05:31', '326,2016-03-01 00:00:04,2016-03-01 00:05:31'],
      'Trip Duration,Start Time,Stop Time',
    );
    const older = csv('older.csv', ['60,1/31/2015 23:59,2/1/2015 00:04'], 'tripduration,starttime,stoptime');
    const { hours, facts } = await count([old, older]);
    expect(hours).toEqual([
      { date: '2015-01-31', hour: 23, trips: 1 },
      { date: '2016-03-01', hour: 0, trips: 2 },
    ]);
    expect(facts.identicalLegacyRows).toBe(1);
  });

  it('several CSVs in one archive count together, junk of macOS does not', async () => {
    const part = (id: string) =>
      Buffer.from(`${HEADER}\r\n${ride(id, `${day} 08:00:00`, `${day} 08:05:00`)}\r\n`);
    const file = path.join(dir, 'month.zip');
    writeFileSync(
      file,
      await zipOf(
        [
          { name: 'm_1.csv', content: part('a') },
          { name: '__MACOSX/._m_1.csv', content: Buffer.from('junk') },
          { name: 'm_2.csv', content: part('b') },
        ],
        '2024-09-04',
      ),
    );
    expect((await count([{ name: 'month.zip', file }])).facts.trips).toBe(2);
  });
});

describe('refused with file, line and reason', () => {
  const good = ride('a', `${day} 08:00:00`, `${day} 08:05:00`);
  const refusal = (archive: RideArchive) =>
    count([csv('good.csv', [good]), archive]).then(
      () => 'not refused',
      (error: { code: string; message: string }) => `${error.code} ${error.message}`,
    );

  it.each([
    ['conflict markers at the top', '<<<<<<< HEAD', [HEADER, good], /bad\.csv, line 1: .*conflict marker/],
    ['conflict markers inside', HEADER, [good, '=======', good], /bad\.csv, line 3: .*conflict marker/],
    ['an HTML page', '<!DOCTYPE html>', ['<p>gone</p>'], /bad\.csv, line 1: an HTML/],
    ['an empty file', '', [], /bad\.csv, line 1: an empty file/],
    ['a header alone', HEADER, [], /bad\.csv, line 1: a header and no rides/],
    ['an unknown header', 'a,b,c', ['1,2,3'], /bad\.csv, line 1: unknown header/],
    ['a missing column', 'ride_id,started_at', ['a,b'], /bad\.csv, line 1: column ended_at is missing/],
    ['a row cut short', HEADER, [good, 'b,classic_bike,2024'], /bad\.csv, line 3: .*"b,classic_bike,2024"/],
  ])('%s', async (_what, header, lines, expected) => {
    const file = path.join(dir, 'bad.csv');
    writeFileSync(file, header === '' ? '' : [header, ...lines, ''].join('\r\n'));
    const message = await refusal({ name: 'bad.csv', file });
    expect(message).toMatch(/^BAD_ARCHIVE/);
    expect(message).toMatch(expected);
  });

  it('a file whose times are in another format', async () => {
    const row = ride('a', '31.08.2024 08-00', '31.08.2024 08-05');
    expect(await refusal(csv('bad.csv', [row, row]))).toMatch(/2 of 2 start times cannot be read/);
  });
});

const data = realDataDir();
describe.skipIf(!data)(`real archives (${data ? 'present' : NO_REAL_DATA})`, () => {
  it('give the count that an independent program by the rule table gives', async () => {
    const folder = path.join(data ?? '', 'tripdata');
    const archives = readdirSync(folder)
      .filter((name) => name.endsWith('.zip'))
      .map((name) => ({ name, file: path.join(folder, name) }));
    expect(archives).toHaveLength(16);
    const { hours, facts } = await count(archives);
    // Python, csv module and datetime: 1,153,003 rides read, 1,136,155 counted, 11,379 hours.
    expect(facts).toMatchObject({ rows: 1_153_003, trips: 1_136_155 });
    expect(hours).toHaveLength(11_379);
  });
});
