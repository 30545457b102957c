import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withDuckDb } from '../../../adapters/duckdb/with-duckdb.ts';
import { readArchiveHours } from '../../../adapters/rides/archive-hours.ts';
import { DURATION_RULES } from '../../../core/ingest/ride-rules.ts';
import { HEADER, LEGACY_HEADER, csvText, read, ride, tripsOf } from './helpers.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'read-rides-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

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

async function parquet(file: string): Promise<unknown[][]> {
  return withDuckDb(
    async (connection) =>
      (
        await connection.runAndReadAll(`SELECT COLUMNS(*)::VARCHAR FROM read_parquet('${file}')`)
      ).getRowsJS() as unknown[][],
  );
}

describe('rides that count', () => {
  it('by the rules seed last more than 0 and less than 60 minutes, exact to the millisecond', async () => {
    const parts = await read(dir, csvText(rows));
    expect(tripsOf(parts)).toEqual([[day, 10, 2]]);
    expect(parts.facts).toMatchObject({
      rows: 8,
      kept: 2,
      rejected: { not_positive: 2, too_long: 2, unparsable_end: 1, unparsable_start: 1 },
      duplicates: 0,
    });
  });

  it('by the rules all have a start that parses; a duration that is not positive is omitted', async () => {
    const parts = await read(dir, csvText(rows), { rule: DURATION_RULES.all });
    const [hour] = parts.hours.rows;
    expect(hour).toMatchObject({ trips: 7, timed: 4 });
    // Durations are 1 ms, 59:59.999, 60 minutes and five days.
    expect(hour?.milliseconds).toBe(1 + 3_599_999 + 3_600_000 + 5 * 86_400_000);
    expect(parts.facts).toMatchObject({
      kept: 7,
      rejected: { not_positive: 0, too_long: 0, unparsable_start: 1 },
    });
  });

  it('are counted once for each ride_id, the earliest start, over all CSVs of the archive', async () => {
    const parts = await read(dir, {
      '1.csv': csvText([
        ride('0123456789ABCDEF', `${day} 10:00:00`, `${day} 10:05:00`),
        ride('late', `${day} 10:59:59.5`, `${day} 11:05:00`, 'X', 'Y'),
      ]),
      '2.csv': csvText([
        ride('0123456789ABCDEF', `${day} 09:00:00`, `${day} 09:05:00`, 'first', 'JC2'),
        ride('0123456789ABCDEF', `${day} 11:00:00`, `${day} 11:05:00`),
        ride('late', `${day} 10:59:59`, `${day} 11:05:00`),
      ]),
    });
    expect(tripsOf(parts)).toEqual([
      [day, 9, 1],
      [day, 10, 1],
    ]);
    expect(await parquet(parts.flows.file)).toEqual([
      [day, '9', 'first', 'JC2', '1'],
      [day, '10', 'JC1', 'JC2', '1'],
    ]);
    expect(parts.facts).toMatchObject({ rows: 5, kept: 2, duplicates: 3 });
    expect(parts.ids?.rows).toBe(2);
  });

  it('have ids that are compared as text', async () => {
    const ids = ['10', '10.0', '00000000000000FF', '00000000000000ff', 'FF'];
    const parts = await read(dir, csvText(ids.map((id) => ride(id, `${day} 10:00:00`, `${day} 10:05:00`))));
    expect(parts.facts).toMatchObject({ kept: 5, duplicates: 0 });
  });

  it('are kept as rides if they start in another month', async () => {
    const parts = await read(
      dir,
      csvText([
        ride('00000000000000FF', '2024-09-01 00:00:00', '2024-09-01 00:10:00', 'S', ''),
        ride('b', '2024-07-31 23:59:59.999', '2024-08-01 00:10:00'),
        ride('c', '2024-08-01 00:00:00', '2024-08-01 00:10:00'),
      ]),
    );
    expect(tripsOf(parts)).toEqual([['2024-08-01', 0, 1]]);
    expect(parts.strays.map(({ started_at }) => started_at)).toEqual([
      '2024-07-31 23:59:59.999',
      '2024-09-01 00:00:00',
    ]);
    expect(parts.strays[1]).toEqual({
      id: '00000000000000FF',
      started_at: '2024-09-01 00:00:00',
      minutes: 10,
      member: true,
      electric: false,
      start_station: 'S',
      end_station: 'unknown',
    });
    expect(parts).toMatchObject({ trips: 1, facts: { kept: 3 } });
  });
});

describe('the facts of an hour', () => {
  it('count members, casual riders, bikes and minutes, and ignore unknown types', async () => {
    const typed = (bike: string, member: string, i: number) =>
      ride(`r${i}`, `${day} 08:00:00`, `${day} 08:0${i}:00`)
        .replace('classic_bike', bike)
        .replace(/member$/, member);
    const parts = await read(
      dir,
      csvText([
        typed('electric_bike', 'member', 1),
        typed('docked_bike', 'casual', 2),
        typed('electric_scooter', 'guest', 6),
      ]),
    );
    expect(await readArchiveHours(parts.hours.file)).toEqual(parts.hours.rows);
    expect(parts.hours.rows).toEqual([
      {
        date: day,
        hour: 8,
        trips: 3,
        member: 1,
        casual: 1,
        electric: 1,
        classic: 1,
        timed: 3,
        milliseconds: 540_000,
      },
    ]);
    expect(parts.facts.bikeTypes).toEqual({ docked_bike: 1, electric_bike: 1, electric_scooter: 1 });
    expect(parts.facts.memberTypes).toEqual({ casual: 1, guest: 1, member: 1 });
  });

  it('include its sorted flows, with stations as text and missing ones unknown', async () => {
    const parts = await read(
      dir,
      csvText([
        ride('a', `${day} 08:00:00`, `${day} 08:05:00`, '5065.10', '200'),
        ride('b', `${day} 08:01:00`, `${day} 08:05:00`, '5065.10', '200'),
        ride('c', `${day} 08:00:00`, `${day} 08:05:00`, '5065.1', 'NULL'),
        ride('d', `${day} 07:00:00`, `${day} 07:05:00`, '', ''),
      ]),
    );
    expect(await parquet(parts.flows.file)).toEqual([
      [day, '7', 'unknown', 'unknown', '1'],
      [day, '8', '5065.1', 'unknown', '1'],
      [day, '8', '5065.10', '200', '2'],
    ]);
    expect(parts.facts).toMatchObject({ missingStartStation: 1, missingEndStation: 2 });
  });

  it('include counts of irregular rows and stations over all CSVs, whatever the rules', async () => {
    const times = [`${day} 08:00:00`, `${day} 08:05:00`] as const;
    const named = (id: string, station: string, name: string) =>
      ride(id, ...times, station).replace('A St', name);
    const csvs = {
      '1.csv': csvText([
        ride('a', `${day} 08:00:00`, `${day} 08:00:00`),
        ride('b', `${day} 08:00:00`, `${day} 08:00:59.999`),
        ride('c', `${day} 08:00:00`, `${day} 08:01:00`),
        ride('d', `${day} 08:00:00`, `${day} 07:59:59`),
        ride('e', `${day} 08:00:00`, '2024-09-01 08:00:00'),
        ride('f', `${day} 08:00:00`, '2024-09-01 08:00:01'),
        ride('g', `${day} 08:00:00`, ''),
        named('h', '', 'A St'),
        named('i', '', ' '),
        named('j', 'JC1', '  A St '),
      ]),
      '2.csv': csvText([named('k', 'JC1', 'Avenue A'), named('l', 'JC3', '"A St"')]),
    };
    for (const rule of [DURATION_RULES.seed, DURATION_RULES.all]) {
      const { facts } = await read(dir, csvs, { rule });
      expect(facts.missingStartStation).toBe(2);
      expect(facts.irregular).toEqual({
        under_a_minute: 2,
        ends_before_start: 1,
        over_a_day: 1,
        name_without_id: 1,
        stations_with_two_names: 1,
      });
    }
  });

  it('include the durations of all rides, to the second', async () => {
    const parts = await read(
      dir,
      csvText([1, 2, 3, 4, 5].map((m) => ride(`r${m}`, `${day} 08:00:00`, `${day} 08:0${m}:00.500`))),
    );
    const [least, , , median, , , greatest] = parts.facts.minutes!;
    expect([least, median, greatest]).toEqual([1 + 0.5 / 60, 3, 5 + 0.5 / 60]);
    expect(parts.facts).toMatchObject({ firstStart: `${day} 08:00:00`, lastStart: `${day} 08:00:00` });
  });
});

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
});

describe('layouts', () => {
  it('modern, quoted, with a comma and doubled quotes in a name', async () => {
    const row = ride('a', `${day} 08:00:00.123`, `${day} 08:05:00.456`)
      .split(',')
      .map((field) => `"${field}"`)
      .join(',')
      .replace('"A St"', '"Grand ""G"" St, North"');
    const parts = await read(dir, csvText([row], HEADER.replaceAll(/\w+/g, '"$&"')));
    expect(tripsOf(parts)).toEqual([[day, 8, 1]]);
    expect(parts.facts.csvs[0]).toMatchObject({ quoted: true, rows: 1, name: 'rides.csv' });
  });

  it('legacy, both spellings and all time formats; identical rows stay, and are reported', async () => {
    const row = (started: string, ended: string) =>
      `326,${started},${ended},72,A St,79,B St,24678,Subscriber`;
    const spelled =
      'Trip Duration,Start Time,Stop Time,Start Station ID,Start Station Name,End Station ID,End Station Name,Bike ID,User Type';
    const parts = await read(
      dir,
      {
        '1.csv': csvText(
          [
            row('2016-03-01 00:00:04', '2016-03-01 00:05:31'),
            row('2016-03-01 00:00:04', '2016-03-01 00:05:31'),
          ],
          spelled,
        ),
        '2.csv': csvText(
          [
            row('3/31/2016 23:59', '4/1/2016 00:04'),
            row('2016-03-01 00:00:04.1230', '2016-03-01 00:05:31.0000'),
          ],
          LEGACY_HEADER,
        ),
      },
      { month: '2016-03' },
    );
    expect(tripsOf(parts)).toEqual([
      ['2016-03-01', 0, 3],
      ['2016-03-31', 23, 1],
    ]);
    expect(parts.facts).toMatchObject({
      schema: 'legacy',
      identicalLegacyRows: 1,
      bikeTypes: {},
      memberTypes: { Subscriber: 4 },
    });
    expect(parts.ids).toBeNull();
    expect(parts.hours.rows[0]).toMatchObject({ member: 3, electric: null, classic: null });
  });

  it('line ends of either kind, and none after the last line', async () => {
    const lines = [
      HEADER,
      ride('a', `${day} 08:00:00`, `${day} 08:05:00`),
      ride('b', `${day} 08:00:00`, `${day} 08:05:00`),
    ];
    expect(tripsOf(await read(dir, lines.join('\n')))).toEqual([[day, 8, 2]]);
    expect(tripsOf(await read(dir, `\uFEFF${lines.join('\r\n')}\r\n\r\n`))).toEqual([[day, 8, 2]]);
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
      /2 of 2 start times cannot be read/,
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
