/**
 * Tests `citibike evaluate` on files as people have them, in any time zone: it prints the score of the clean file, or
 * an error.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sqlText, withDuckDb } from '../../../adapters/duckdb/with-duckdb.ts';
import { evaluateCommand } from '../../../client/commands/evaluate.ts';
import { tinyModelFiles } from '../inference/tiny-model.ts';

const ZONES = ['UTC', 'America/New_York', 'Asia/Tokyo'];
const CLI = path.join(import.meta.dirname, '../../../client/bin.mjs');

let [dir, model, hourly, weather] = ['', '', '', ''];
/** Holds the trips of two days in January, 2025-01-14 and -15. */
const HOURS = Array.from({ length: 48 }, (_, i) => ({
  day: 14 + Math.floor(i / 24),
  hour: i % 24,
  trips: 300 + 7 * i,
}));
const ROWS = HOURS.map(({ day, hour, trips }) => `2025-01-${day},${hour},${trips}`);
const HEADER = 'date,hour,trips';
const linesOf = (...rows: readonly string[]): string => `${rows.join('\n')}\n`;
const CLEAN = linesOf(HEADER, ...ROWS);

beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'evaluate a[1] ?-'));
  model = path.join(dir, 'model #1');
  mkdirSync(model);
  for (const [name, bytes] of Object.entries(tinyModelFiles({ base: 1 }))) write(`model #1/${name}`, bytes);
  hourly = write('hours.csv', CLEAN);
  weather = write('weather.csv', 'DATE,TMAX_F,TMIN_F,SNOW\n2025-01-14,40,30,0\n2025-01-15,50,35,0\n');
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function write(name: string, content: string | Uint8Array): string {
  const file = path.join(dir, name);
  writeFileSync(file, content);
  return file;
}

async function parquet(name: string, columns: string): Promise<string> {
  const file = path.join(dir, name);
  await withDuckDb((connection) =>
    connection.run(
      `COPY (SELECT ${columns} FROM (SELECT (TIMESTAMP '2025-01-14' + to_days((i // 24)::INTEGER)) AS day, (i % 24)::INTEGER AS hour,
         300 + 7 * i AS trips, i FROM range(48) t(i))) TO ${sqlText(file)} (FORMAT parquet)`,
    ),
  );
  return file;
}

/** Returns RMSE and notes of the command, run in this process. */
async function evaluated(files: readonly string[], folder = model): Promise<{ rmse: number; notes: string }> {
  const [out, notes]: [string[], string[]] = [[], []];
  const spies = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')];
  for (const [i, spy] of spies.entries())
    spy.mockImplementation((chunk) => [out, notes][i]!.push(String(chunk)) > 0);
  try {
    const args = [folder, '--json', '--hourly', ...files, '--weather', weather];
    await evaluateCommand().parseAsync(args, { from: 'user' });
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  const { rmse } = JSON.parse(out.join('')) as { rmse: number };
  return { rmse, notes: notes.join('') };
}

/** Is the RMSE by the formula of the model, 10 · TMAX + 1. */
const EXPECTED = Math.sqrt(
  HOURS.reduce((sum, { day, trips }) => sum + (trips - (day === 14 ? 401 : 501)) ** 2, 0) / HOURS.length,
);

describe('hours', () => {
  it('are scored by the formula', async () => {
    expect((await evaluated([hourly])).rmse).toBeCloseTo(EXPECTED, 3);
  });

  it.each([
    ['with CRLF', 'crlf.csv', CLEAN.replaceAll('\n', '\r\n')],
    ['of tabs', 'tabs.tsv', CLEAN.replaceAll(',', '\t')],
    ['packed', 'packed.csv.gz', gzipSync(CLEAN)],
    ['as 08 and 8.0', 'eight.csv', CLEAN.replaceAll(',8,', ',08,').replaceAll(',9,', ',9.0,')],
    ['beside midnights', 'midnight.csv', CLEAN.replaceAll(/^(2025-01-\d\d),/gm, '$1T00:00:00,')],
    ['of a name that is a pattern', 'hours[1]*?.csv', CLEAN],
    ['of a name that looks encoded', 'hours%41#.csv', CLEAN],
  ])('%s are read', async (_what, name, content) => {
    write('hours1.csv', linesOf(HEADER, '2025-01-14,0,1'));
    const file = write(name, content);
    expect((await evaluated([file])).rmse).toBeCloseTo(EXPECTED, 3);
    expect((await evaluated([pathToFileURL(file).href])).rmse).toBeCloseTo(EXPECTED, 3);
  });

  it.each([
    ['hour', '8.5'],
    ['hour', '24'],
    ['hour', '-1'],
    ['hour', ''],
    ['trips', '-1'],
    ['trips', '12.5'],
    ['trips', 'NaN'],
    ['date', '2025-02-30'],
    ['date', '01/15/2025'],
    ['date', '2025-01-15T08:00:00-05:00'],
    ['date', '2025-01-15T07:00'],
  ])('with %s "%s" are rejected by row and column', async (column, text) => {
    const cells = ['2025-01-15', '8', '300'];
    cells[HEADER.split(',').indexOf(column)] = text;
    const file = write('wrong.csv', linesOf(HEADER, ROWS[0]!, cells.join(',')));
    await expect(evaluated([file])).rejects.toThrow(/wrong\.csv, row 2: (date|hour|trips): got /);
  });

  it('with fractions in parquet are rejected', async () => {
    const file = await parquet('half.parquet', 'day::DATE AS date, hour + 0.5 AS hour, trips');
    await expect(evaluated([file])).rejects.toThrow(/half\.parquet, row 1: hour: got 0\.5/);
  });

  it('with booleans in parquet are rejected', async () => {
    const file = await parquet('truth.parquet', 'day::DATE AS date, hour, trips > 400 AS trips');
    await expect(evaluated([file])).rejects.toThrow(/column trips: got the type BOOLEAN, expected numbers/);
  });
});

describe('an index that pandas wrote', () => {
  it('is left out with a note', async () => {
    const file = write('index.csv', linesOf(`,${HEADER}`, ...ROWS.map((row, i) => `${i},${row}`)));
    const { rmse, notes } = await evaluated([file]);
    expect(rmse).toBeCloseTo(EXPECTED, 3);
    expect(notes).toMatch(/note: .*index\.csv: column without a name is an index that pandas wrote/);
  });

  it('of parquet is named', async () => {
    const file = await parquet('index.parquet', 'day::DATE AS date, hour, trips, i AS __index_level_0__');
    expect((await evaluated([file])).notes).toMatch(/index\.parquet: column __index_level_0__ is an index/);
  });
});

describe('the same hour in two files', () => {
  const split = (shared: number): string[] => [
    write('first.csv', linesOf(HEADER, ...ROWS.slice(0, 24))),
    write('second.csv', linesOf(HEADER, ...ROWS.slice(24 - shared))),
  ];

  it('is summed with a note that names it', async () => {
    expect((await evaluated(split(1))).notes).toMatch(
      /note: .*first\.csv and .*second\.csv: several rows for the hour 2025-01-14T23; the trips are added up/,
    );
  });

  it('does not count as a stray if there are more than three', async () => {
    await expect(evaluated(split(4))).rejects.toThrow(/share 4 hours: 2025-01-14T20, .* and 1 more/);
  });

  it('is an error if both are the same file', async () => {
    await expect(evaluated([hourly, path.join(dir, '.', 'hours.csv')])).rejects.toThrow(/is given twice/);
  });
});

it('accepts a model folder by its address', async () => {
  expect((await evaluated([hourly], pathToFileURL(model).href)).rmse).toBeCloseTo(EXPECTED, 3);
});

describe.each(ZONES)('with TZ=%s', (zone) => {
  const run = promisify(execFile);
  const evaluateIn = (file: string) =>
    run(process.execPath, [CLI, 'evaluate', model, '--json', '--hourly', file, '--weather', weather], {
      env: { ...process.env, TZ: zone },
    });

  it('timestamps without a zone give the same score', async () => {
    const file = await parquet('naive.parquet', 'day + to_hours(hour) AS date, hour, trips');
    const { stdout } = await evaluateIn(file);
    expect((JSON.parse(stdout) as { rmse: number }).rmse).toBeCloseTo(EXPECTED, 3);
  });

  it('timestamps with a zone are rejected, with what to do', async () => {
    const file = await parquet('zoned.parquet', 'day::TIMESTAMPTZ AS date, hour, trips');
    await expect(evaluateIn(file)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /column date: got the type TIMESTAMP WITH TIME ZONE.*remove the zone/,
      ) as string,
    });
  });
});
