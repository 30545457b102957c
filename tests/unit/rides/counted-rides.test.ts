import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withDuckDb } from '../../../adapters/duckdb/with-duckdb.ts';
import { readArchiveHours } from '../../../adapters/rides/archive-hours.ts';
import { DURATION_RULES } from '../../../core/ingest/ride-rules.ts';
import { csvText, read, ride, tripsOf } from './helpers.ts';

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
