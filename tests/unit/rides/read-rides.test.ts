import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HEADER, LEGACY_HEADER, csvText, read, ride } from './helpers.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'read-rides-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const day = '2024-08-31';

describe('reading', () => {
  const good = csvText([ride('a', `${day} 08:00:00`, `${day} 08:05:00`)]);

  it('stops with the reason when it is cancelled', async () => {
    const controller = new AbortController();
    controller.abort(new Error('cancelled'));
    await expect(read(dir, good, { signal: controller.signal })).rejects.toThrow('cancelled');
  });

  it('leaves only the parts behind', async () => {
    const parts = await read(dir, { 'm.csv': good });
    expect(readdirSync(path.dirname(parts.hours.file)).sort()).toEqual([
      'flows.parquet',
      'hours.parquet',
      'ids.parquet',
    ]);
  });

  it('gives the same bytes for any distribution of rides over CSVs', async () => {
    const lines = Array.from({ length: 500 }, (_, i) =>
      ride(
        `r${i}`,
        `${day} 0${i % 10}:00:0${i % 7}.${100 + i}`,
        `${day} 0${i % 10}:20:00`,
        `S${(i * 7) % 11}`,
        `E${i % 13}`,
      ),
    );
    const one = await read(dir, { 'm.csv': csvText(lines) });
    const two = await read(dir, {
      'm_1.csv': csvText(lines.slice(300).reverse()),
      'm_2.csv': csvText(lines.slice(0, 300)),
    });
    for (const part of ['hours', 'flows', 'ids'] as const)
      expect(readFileSync(two[part]!.file).equals(readFileSync(one[part]!.file))).toBe(true);
  });

  it('counts a type that has the name of a property of every object as no known type', async () => {
    const lines = ['constructor', '__proto__', 'member'].map((type, i) =>
      ride(`r${i}`, `${day} 08:00:00`, `${day} 08:20:00`).replace('member', type),
    );
    const { facts, hours } = await read(dir, csvText(lines));
    expect(Object.entries(facts.memberTypes).sort()).toEqual([
      ['__proto__', 1],
      ['constructor', 1],
      ['member', 1],
    ]);
    expect(hours.rows).toMatchObject([{ trips: 3, member: 1, casual: 0 }]);
  });

  it('gives the same parts without the stations, and none of them', async () => {
    // The second ride ends in the next hour, so the two have different keys where stations are counted.
    const lines = ['08:05:00', '09:00:00'].map((end, i) =>
      ride(`r${i}`, `${day} 08:0${i}:00`, `${day} ${end}`, 'S', 'E'),
    );
    const whole = await read(dir, csvText(lines));
    const part = await read(dir, csvText(lines), { withStations: false });
    expect(whole.stations.map(({ id }) => id)).toEqual(['E', 'S']);
    expect(part.stations).toEqual([]);
    for (const name of ['hours', 'flows', 'ids'] as const)
      expect(readFileSync(part[name]!.file).equals(readFileSync(whole[name]!.file))).toBe(true);
    expect({ ...part, stations: [] }).toMatchObject({ facts: whole.facts, trips: whole.trips });
  });
});

describe('reading rejects with file, line and reason', () => {
  const good = ride('a', `${day} 08:00:00`, `${day} 08:05:00`);
  const started = (time: string) => ride('b', time, `${day} 08:05:00`);

  it.each<[string, string | Buffer, RegExp]>([
    ['conflict markers at the top', csvText([HEADER, good], '<<<<<<< HEAD'), /line 1: .*conflict marker/],
    ['conflict markers inside', csvText([good, '=======', good]), /line 3: .*conflict marker/],
    ['an HTML page', csvText(['<p>gone</p>'], '<!DOCTYPE html>'), /line 1: an HTML/],
    ['an empty file', '', /line 1: an empty file/],
    ['a header alone', csvText([]), /line 1: a header and no rides/],
    ['an unknown header', csvText(['1,2,3'], 'a,b,c'), /line 1: unknown header/],
    [
      'a missing column',
      csvText([good], HEADER.replace('ended_at,', '')),
      /line 1: unknown header .* The nearest layout is modern; missing from the header: "ended_at"$/,
    ],
    [
      'a row cut short',
      csvText([good, 'b,classic_bike,2024']),
      /line 3: 3 fields, expected 13 .*"b,classic_bike,2024"/,
    ],
    ['a row with too many fields', csvText([good, `${good},1`]), /line 3: more than 13 fields/],
    ['a quote that is not closed', csvText([good, `"${good}`]), /line 3: a quote that is not closed/],
    [
      'text after a quote',
      csvText([good, good.replace('A St', '"A" St')]),
      /line 3: text after a closing quote/,
    ],
    ['an empty line among the rides', csvText([good, '', good]), /line 3: an empty line/],
    ['Latin-1', Buffer.from(csvText([good, good.replace('A St', 'Café')]), 'latin1'), /line 3: .*not UTF-8/],
    ['UTF-16', Buffer.from(`\uFEFF${csvText([good])}`, 'utf16le'), /line 1: .*not UTF-8/],
    [
      'an hour 25',
      csvText([good, started(`${day} 25:00:00`)]),
      /line 3: start time "2024-08-31 25:00:00" is not a valid time/,
    ],
    [
      'a 31 June',
      csvText([good, started('2024-06-31 05:00:00')]),
      /line 3: start time .* is not a valid time/,
    ],
    [
      'a start in 1970',
      csvText([good, started('1970-01-01 00:00:00')]),
      /line 3: start time .* more than 2 months from 2024-08/,
    ],
    [
      'a start in 2099',
      csvText([good, started('2099-01-01 00:00:00')]),
      /line 3: start time .* more than 2 months from 2024-08/,
    ],
    [
      'an end in 2099',
      csvText([good, ride('b', `${day} 08:00:00`, '2099-01-01 00:00:00')]),
      /line 3: end time .*years after/,
    ],
    [
      'a long header with the right columns',
      csvText([good], HEADER + ' '.repeat(66_000)),
      /line 1: a line of more than/,
    ],
    [
      'a long line with the right fields',
      csvText([good, good.replace('A St', 'x'.repeat(66_000))]),
      /line 3: a line of more than/,
    ],
    ['an endless line', csvText([good, 'x'.repeat(1_000_000)]), /line 3: a line of more than/],
  ])('%s', async (_what, csv, expected) => {
    const error = await read(dir, {
      'good.csv': csvText([ride('z', `${day} 08:00:00`, `${day} 08:05:00`)]),
      'bad.csv': csv,
    }).then(
      () => 'not rejected',
      (thrown: { code: string; message: string }) => `${thrown.code} ${thrown.message}`,
    );
    expect(error).toMatch(/^BAD_ARCHIVE rides\.zip, bad\.csv, /);
    expect(error).toMatch(expected);
  });

  it('times in another format', async () => {
    const row = (id: string) => ride(id, '31.08.2024 08-00', '31.08.2024 08-05');
    await expect(read(dir, csvText([row('a'), row('b')]))).rejects.toThrow(
      /2 of 2 start times cannot be read; expected .* Line 2 is "a,classic_bike,31\.08\.2024 08-00,/,
    );
  });

  it('a layout that the system does not list', async () => {
    await expect(read(dir, csvText([good]), { layouts: ['legacy', 'start-date'] })).rejects.toThrow(
      /its CSVs have the layout modern, expected legacy or start-date\. If the publisher/,
    );
  });

  it('CSVs with and without ride ids in one month', async () => {
    const legacy = csvText(
      ['326,2024-08-01 00:00:04,2024-08-01 00:05:31,72,A,79,B,1,Subscriber'],
      LEGACY_HEADER,
    );
    await expect(read(dir, { '1.csv': csvText([good]), '2.csv': legacy })).rejects.toThrow(
      /different layouts, legacy and modern/,
    );
  });

  it('and removes the parts', async () => {
    const parts = mkdtempSync(path.join(dir, 'left-'));
    await expect(read(dir, csvText([good, 'x']), { dir: parts })).rejects.toThrow();
    expect(readdirSync(parts)).toEqual([]);
  });
});
