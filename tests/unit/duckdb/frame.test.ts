import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFrameFile, writeFrameFile } from '../../../adapters/duckdb/frame-file.ts';
import { readHoursFiles, writeHoursFile } from '../../../adapters/duckdb/hours-files.ts';
import { withDuckDb } from '../../../adapters/duckdb/with-duckdb.ts';
import { sumHourlyFiles } from '../../../adapters/tables/hourly-files.ts';
import type { FrameRow } from '../../../contracts/frame.ts';
import { WEATHER_INPUTS } from '../../../contracts/weather-columns.ts';
import { FORMER_PLACE } from '../../../contracts/former-place.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'frame-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const rows: FrameRow[] = Array.from({ length: 5000 }, (_, i) => ({
  date: new Date(Date.UTC(2024, 0, 1 + Math.floor(i / 24))).toISOString().slice(0, 10),
  hour: i % 24,
  trips: i * 3,
  holiday: i % 2,
  TMAX: 40.5,
  TMIN: null,
  SNOW: 0,
  PRCP: 0.1,
  SNWD: null,
  AWND: 6.7,
  PRCP_yesterday: i < 24 ? null : 0.1,
  weather_filled: i % 7 === 0,
}));

describe('a frame in parquet', () => {
  it('reads back unchanged over many row chunks', async () => {
    const file = path.join(dir, 'f.parquet');
    await writeFrameFile(file, rows);
    expect(await readFrameFile(file)).toMatchObject(rows);
  });

  it('from before a weather column was added has null there', async () => {
    const [file, older] = ['f.parquet', 'older.parquet'].map((name) => path.join(dir, name)) as [
      string,
      string,
    ];
    await writeFrameFile(file, rows.slice(0, 1));
    await withDuckDb((connection) =>
      connection.run(`COPY (SELECT * EXCLUDE (AWND) FROM '${file}') TO '${older}' (FORMAT parquet)`),
    );
    expect(await readFrameFile(older)).toMatchObject([{ ...rows[0], AWND: null }]);
  });

  it('has the same bytes for the same rows', async () => {
    const files = ['a', 'b'].map((name) => path.join(dir, name));
    for (const file of files) await writeFrameFile(file, rows);
    expect(readFileSync(files[0]!).equals(readFileSync(files[1]!))).toBe(true);
  });

  it('has the columns and types of the contract', async () => {
    const file = path.join(dir, 'f.parquet');
    await writeFrameFile(file, rows.slice(0, 1));
    const described = await withDuckDb(async (connection) => {
      const reader = await connection.runAndReadAll(`DESCRIBE SELECT * FROM read_parquet('${file}')`);
      return reader.getRowsJS().map(([name, type]) => `${name as string} ${type as string}`);
    });
    expect(described).toEqual([
      'date DATE',
      'hour INTEGER',
      'trips BIGINT',
      'holiday INTEGER',
      ...WEATHER_INPUTS.map((column) => `${column} DOUBLE`),
      'weather_filled BOOLEAN',
    ]);
  });
});

describe('processed hours', () => {
  const hour = (date: string, trips: number) => ({ date, hour: 23, trips, holiday: 0 });

  it('of several files are summed if a date and hour repeats, within the span', async () => {
    const [one, two] = ['1.parquet', '2.parquet'].map((name) => ({ name, file: path.join(dir, name) }));
    await writeHoursFile(one!.file, [hour('2024-12-30', 5), hour('2024-12-31', 7)]);
    await writeHoursFile(two!.file, [hour('2024-12-31', 2), hour('2025-01-01', 9)]);
    const days = { firstDay: '2024-12-01', lastDay: '2024-12-31' };
    expect(await sumHourlyFiles([one!, two!], FORMER_PLACE, days)).toEqual({
      hours: [
        { date: '2024-12-30', hour: 23, trips: 5 },
        { date: '2024-12-31', hour: 23, trips: 9 },
      ],
      repeated: [{ key: '2024-12-31T23', files: ['1.parquet', '2.parquet'] }],
    });
  });

  it('with an impossible hour are rejected by file and row', async () => {
    const file = path.join(dir, 'x.parquet');
    await writeHoursFile(file, [{ ...hour('2024-12-30', 5), hour: 24 }]);
    await expect(sumHourlyFiles([{ name: 'x.parquet', file }], FORMER_PLACE)).rejects.toMatchObject({
      code: 'BAD_ARCHIVE',
      message: expect.stringMatching(/x\.parquet, row 1: hour: got 24, expected a whole hour/) as string,
    });
  });

  it('with an hour that the spring change skips are rejected, which files in UTC have', async () => {
    const file = path.join(dir, 'utc.parquet');
    await writeHoursFile(file, [{ ...hour('2025-03-09', 5), hour: 2 }]);
    await expect(sumHourlyFiles([{ name: 'utc.parquet', file }], FORMER_PLACE)).rejects.toMatchObject({
      code: 'BAD_ARCHIVE',
      message: expect.stringMatching(
        /row 1: date: got "2025-03-09T02", expected an hour that exists/,
      ) as string,
    });
  });

  it('are sorted over files', async () => {
    const [late, early] = ['l', 'e'].map((name) => path.join(dir, name));
    await writeHoursFile(late!, [hour('2025-01-01', 1)]);
    await writeHoursFile(early!, [hour('2024-12-31', 2)]);
    expect((await readHoursFiles([late!, early!])).map(({ date }) => date)).toEqual([
      '2024-12-31',
      '2025-01-01',
    ]);
  });
});
