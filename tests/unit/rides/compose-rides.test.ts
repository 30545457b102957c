import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withDuckDb } from '../../../adapters/duckdb/with-duckdb.ts';
import { composeRides, type OwnRides } from '../../../adapters/rides/compose-rides.ts';
import type { Ride } from '../../../adapters/rides/ride.ts';
import { csvText, read, ride } from './helpers.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'compose-rides-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const at = (hour: number, minute = 0) =>
  `2024-08-31 ${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:00`;

async function own(name: string, lines: readonly string[]): Promise<OwnRides> {
  const { hours, flows, ids, stations } = await read(dir, csvText(lines));
  return { name, hours: hours.rows, flows, ids: ids!.file, stations };
}

const stray = (id: string | null, started_at: string, more: Partial<Ride> = {}): Ride => ({
  id,
  started_at,
  minutes: 6,
  member: false,
  electric: true,
  start_station: 'JC1',
  end_station: 'JC9',
  ...more,
});

const id = (n: number) => n.toString(16).toUpperCase().padStart(16, '0');

async function compose(archives: readonly OwnRides[], strays: readonly Ride[]) {
  const composed = await composeRides('2024-08', archives, strays, path.join(dir, 'flows.parquet'));
  const flows = await withDuckDb(async (connection) =>
    (
      await connection.runAndReadAll(
        `SELECT hour, start_station, end_station, trips::INTEGER FROM read_parquet('${composed.flows.file}')`,
      )
    ).getRowsJS(),
  );
  return { ...composed, flows, trips: composed.hours.map(({ hour, trips }) => [hour, trips]) };
}

describe('a month', () => {
  it('has its own rides and its strays, under their hour of start', async () => {
    const archive = await own('own.zip', [ride(id(1), at(10), at(10, 4)), ride(id(2), at(23), at(23, 4))]);
    const month = await compose(
      [archive],
      [stray(id(3), at(23, 50)), stray(id(4), at(22, 50)), stray(id(5), '2024-07-31 23:59:59')],
    );
    expect(month.trips).toEqual([
      [10, 1],
      [22, 1],
      [23, 2],
    ]);
    expect(month.flows).toEqual([
      [10, 'JC1', 'JC2', 1],
      [22, 'JC1', 'JC9', 1],
      [23, 'JC1', 'JC2', 1],
      [23, 'JC1', 'JC9', 1],
    ]);
    expect(month.hours.at(-1)).toMatchObject({
      member: 1,
      casual: 1,
      electric: 1,
      classic: 1,
      timed: 2,
      milliseconds: 600_000,
    });
    expect(month).toMatchObject({ strays: 2, copies: 0 });
  });

  it('excludes a stray that is a copy of an own ride, or of another stray', async () => {
    const archive = await own('own.zip', [ride(id(1), at(10), at(10, 4))]);
    const strays = [
      stray(id(1), at(10)),
      stray(id(2), at(23, 50)),
      stray(id(2), at(23, 40)),
      stray(id(2), at(23, 50)),
    ];
    const month = await compose([archive], strays);
    expect(month.trips).toEqual([
      [10, 1],
      [23, 1],
    ]);
    expect(month).toMatchObject({ strays: 1, copies: 3 });
  });

  it('includes all strays without an id', async () => {
    const month = await compose([], [stray(null, at(23)), stray(null, at(23))]);
    expect(month.trips).toEqual([[23, 2]]);
    expect(month.flows).toEqual([[23, 'JC1', 'JC9', 2]]);
  });
});

describe('two archives named for one month', () => {
  const lines = [1, 2, 3].map((n) => ride(id(n), at(10), at(10, 4)));

  it('add up if they share no ride', async () => {
    const month = await compose(
      [await own('1.zip', lines.slice(0, 1)), await own('2.zip', lines.slice(1))],
      [],
    );
    expect(month.trips).toEqual([[10, 3]]);
    expect(month.flows).toEqual([[10, 'JC1', 'JC2', 3]]);
  });

  it('count once if one contains the other', async () => {
    const month = await compose([await own('part.zip', lines.slice(1)), await own('whole.zip', lines)], []);
    expect(month.trips).toEqual([[10, 3]]);
    expect(month.superseded).toEqual(['part.zip']);
  });

  it('are rejected by name if they share some rides', async () => {
    const archives = [await own('1.zip', lines.slice(0, 2)), await own('2.zip', lines.slice(1))];
    await expect(compose(archives, [])).rejects.toThrow(
      /2024-08: .*\.zip and .*\.zip .* share 1 rides, but not all/,
    );
  });
});
