import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HEADER, LEGACY_HEADER, csvText, read, ride, tripsOf } from './helpers.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'read-rides-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const day = '2024-08-31';

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
