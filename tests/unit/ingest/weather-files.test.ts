/** Tests files of daily weather as people have them: they are read correctly, or rejected by line and field. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { readWeatherFile, readWeatherFiles } from '../../../activities/common/read-weather.ts';
import { sqlText, withDuckDb } from '../../../adapters/duckdb/with-duckdb.ts';
import type { WeatherReading } from '../../../core/ingest/weather-records.ts';

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'weather a[1] ?-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const DAYS = ['2025-01-02,44,35,0.00,0.0', '2025-01-03,40,32,0.11,1.2', '2025-01-04,34,29,0.00,0.0'];
const HEADER = 'DATE,TMAX,TMIN,PRCP,SNOW';
const linesOf = (...rows: readonly string[]): string => `${rows.join('\n')}\n`;
const CLEAN = linesOf(HEADER, ...DAYS);
const IMPERIAL = { units: 'imperial' } as const;

function write(name: string, content: string | Uint8Array): string {
  const file = path.join(dir, name);
  writeFileSync(file, content);
  return file;
}

const read = async (content: string | Uint8Array, reading: WeatherReading = IMPERIAL, name = 'w.csv') =>
  (await readWeatherFile(write(name, content), reading)).records;

const clean = () => read(CLEAN, IMPERIAL, 'clean.csv');

describe('a file with several stations', () => {
  const [ours, other] = ['USW00014732', 'USW00094728'];
  const of = (station: string, days = DAYS) => days.map((day) => `${station},${day}`);
  const warmer = DAYS.map((day) => day.replace(/,(\d+),/, (_, high) => `,${Number(high) + 9},`));
  const station = { ...IMPERIAL, station: ours };

  it.each([
    ['first', [...of(ours), ...of(other, warmer)]],
    ['last', [...of(other, warmer), ...of(ours)]],
    ['in lower case', [...of(other, warmer), ...of(ours.toLowerCase())]],
    ['as the CDO API writes it', [...of(`GHCND:${other}`, warmer), ...of(`GHCND:${ours}`)]],
  ])('gives the rows of the configured one, %s', async (_name, rows) => {
    expect(await read(linesOf(`STATION,${HEADER}`, ...rows), station)).toEqual(await clean());
  });

  it.each([
    ['lacks the one that is set', [...of(other), ...of('USW00094789')], station],
    ['has one other station alone', of(other), station],
    ['leaves the choice open', [...of(ours), ...of(other)], IMPERIAL],
  ])('is rejected by name if it %s', async (_name, rows, reading) => {
    await expect(read(linesOf(`STATION,${HEADER}`, ...rows), reading)).rejects.toThrow(
      /column STATION has USW\d+.*WEATHER_STATION/,
    );
  });

  it('is rejected if a row names no station', async () => {
    const rows = [...of(ours).slice(0, 2), ...of('').slice(2), ...of(other)];
    await expect(read(linesOf(`STATION,${HEADER}`, ...rows), station)).rejects.toThrow(
      /line 4: STATION is "", expected the station of the row/,
    );
  });
});

describe('a day', () => {
  it('in two rows is rejected with both lines', async () => {
    await expect(read(linesOf(HEADER, ...DAYS, DAYS[0]!))).rejects.toThrow(
      /line 2 and line 5: DATE is "2025-01-02" in 2 rows/,
    );
  });

  it('with different weather in two files is rejected with both names', async () => {
    const files = [write('one.csv', CLEAN), write('two.csv', linesOf(HEADER, '2025-01-03,50,32,0.11,1.2'))];
    await expect(readWeatherFiles(files, IMPERIAL)).rejects.toThrow(
      /one\.csv and .*two\.csv have different weather for 2025-01-03/,
    );
  });

  it('with TMAX below TMIN is rejected', async () => {
    await expect(read(linesOf(HEADER, '2025-01-02,30,35,0,0'))).rejects.toThrow(
      /line 2: TMIN is "35", expected a temperature not above TMAX, which is 30/,
    );
  });

  it.each(['2025-01-02T05:00:00', '2025-01-02T00:00:00Z', '2025-01-02 00:00:00-05:00', '20250102'])(
    'written as %s is rejected',
    async (day) => {
      await expect(read(linesOf(HEADER, `${day},44,35,0,0`))).rejects.toThrow(/line 2: DATE is/);
    },
  );

  it.each(['T00:00:00', ' 00:00:00'])('written as a midnight (%s) is read', async (time) => {
    expect(await read(linesOf(HEADER, ...DAYS.map((day) => day.replace(',', `${time},`))))).toEqual(
      await clean(),
    );
  });
});

describe('a cell', () => {
  const columns = HEADER.split(',').slice(1);
  it.each(
    columns.flatMap((column) => ['NA', 'NaN', 'null', 'None', '', ' '].map((text) => ({ column, text }))),
  )('of $column with "$text" is a missing observation', async ({ column, text }) => {
    const cells = ['2025-01-02', '44', '35', '0.10', '0.2'];
    cells[1 + columns.indexOf(column)] = text;
    expect((await read(linesOf(HEADER, cells.join(','))))[0]).toMatchObject({ [column]: null });
  });

  test.each([
    ['PRCP', 3],
    ['SNOW', 4],
  ])('of %s with T is a trace, 0', async (column, place) => {
    const cells = ['2025-01-02', '44', '35', '0.10', '0.2'];
    cells[place] = 'T';
    expect((await read(linesOf(HEADER, cells.join(','))))[0]).toMatchObject({ [column]: 0 });
  });

  it.each(['T', '-9999', '4O', '44,5'])('of TMAX with "%s" is rejected', async (text) => {
    const row = `2025-01-02;${text};35;0;0`;
    await expect(read(linesOf(HEADER.replaceAll(',', ';'), row))).rejects.toThrow(/line 2: TMAX is/);
  });
});

describe('a layout', () => {
  it.each([
    ['of CR', CLEAN.replaceAll('\n', '\r')],
    ['of CRLF', CLEAN.replaceAll('\n', '\r\n')],
    ['with a byte order mark', `\uFEFF${CLEAN}`],
    ['with a nameless index', linesOf(`,${HEADER}`, ...DAYS.map((day, i) => `${i},${day}`))],
    [
      'with an index read and written again',
      linesOf(`Unnamed: 0,${HEADER}`, ...DAYS.map((day) => `7,${day}`)),
    ],
    ['with a quoted comma', linesOf(`NAME,${HEADER}`, ...DAYS.map((day) => `"LA GUARDIA, NY US",${day}`))],
    ['of lower case', linesOf(HEADER.toLowerCase(), ...DAYS)],
    ['of semicolons', CLEAN.replaceAll(',', ';')],
    [
      'with attributes beside the values',
      linesOf(`${HEADER},TMAX_ATTRIBUTES`, ...DAYS.map((day) => `${day},W`)),
    ],
  ])('%s is read', async (_name, content) => {
    expect(await read(content)).toEqual(await clean());
  });

  it.each([
    [
      'a field too many',
      linesOf(HEADER, DAYS[0]!, `${DAYS[1]},9`),
      /line 3, row 2: got 6 fields, expected 5/,
    ],
    [
      'a field too few',
      linesOf(HEADER, DAYS[0]!, '2025-01-03,40'),
      /line 3, row 2: got 2 fields, expected 5/,
    ],
    [
      'a comma in a name',
      linesOf(`NAME,${HEADER}`, `LA GUARDIA, NY US,${DAYS[0]}`),
      /line 2, row 1: got 7 fields/,
    ],
    ['line ends of two kinds', `${HEADER}\r\n${DAYS[0]}\n${DAYS[1]}\n`, /line 2: it ends in LF.*in CRLF/],
    [
      'Latin-1',
      Buffer.from(linesOf(`NAME,${HEADER}`, `Peña,${DAYS[0]}`), 'latin1'),
      /line 2: it is not UTF-8/,
    ],
    ['a unit of its own', CLEAN.replace('SNOW', 'SNOW (cm)'), /column "SNOW \(cm\)" has an unknown unit/],
    ['wind in km/h', CLEAN.replace('SNOW', 'AWND_kmh'), /column "AWND_kmh" has an unknown unit/],
  ])('with %s is rejected', async (_name, content, why) => {
    await expect(read(content)).rejects.toThrow(why);
  });
});

describe('a parquet file', () => {
  async function parquet(name: string, date: string): Promise<string> {
    const file = path.join(dir, name);
    const values = DAYS.map((day) => day.split(',')).map(
      ([day, ...cells]) => `(TIMESTAMP '${day} 00:00:00', ${cells.join(', ')})`,
    );
    await withDuckDb((connection) =>
      connection.run(
        `COPY (SELECT ${date} AS DATE, a::DOUBLE AS TMAX, b::INTEGER AS TMIN, c::DOUBLE AS PRCP, d::FLOAT AS SNOW
           FROM (VALUES ${values.join(', ')}) t(day, a, b, c, d)) TO ${sqlText(file)} (FORMAT parquet)`,
      ),
    );
    return file;
  }

  it.each([
    ['days', 'day::DATE'],
    ['midnights', 'day'],
    ['texts', "strftime(day, '%Y-%m-%d')"],
  ])('of %s is read', async (name, date) => {
    const { records } = await readWeatherFile(await parquet(`${name}.parquet`, date), IMPERIAL);
    expect(records).toEqual(await clean());
  });

  it('of times with a zone is rejected, with what to do', async () => {
    const file = await parquet('zoned.parquet', 'day::TIMESTAMPTZ');
    await expect(readWeatherFile(file, IMPERIAL)).rejects.toThrow(
      /row 1: DATE is .*without a zone; convert it/,
    );
  });
});
