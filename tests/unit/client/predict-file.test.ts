import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import Papa from 'papaparse';
import { expect, onTestFinished, test } from 'vitest';
import { predictCommand } from '../../../client/commands/predict.ts';
import { predictFile } from '../../../activities/predict/predict-file.ts';
import { readTable } from '../../../adapters/tables/read-table.ts';
import { heldFiles } from '../../fixtures/held-files.ts';
import { parseModelFiles } from '../../../core/serving/serving-model.ts';
import { tinyModelFiles } from '../inference/tiny-model.ts';
import { NO_LINUX, orSkip } from '../../or-skip.ts';

/** trips = 10 · TMAX + 1, 100 below and 200 above */
const model = parseModelFiles(tinyModelFiles({ base: 1 }));

function files(csv: string, outName: string): [input: string, output: string] {
  const dir = mkdtempSync(path.join(tmpdir(), 'citibike-predict-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const input = path.join(dir, 'in.csv');
  writeFileSync(input, csv);
  return [input, path.join(dir, outName)];
}

test('keeps the columns and their order, and adds the prediction with its interval', async () => {
  const [input, output] = files(
    'place,date,TMAX,TMIN,SNOW\nhere,2025-01-15T08:00,40,30,0\nthere,2025-01-15T09:30,50,30,\n',
    'out.csv',
  );
  expect(await predictFile(model, input, output)).toEqual({ rows: 2, warnedRows: 0 });
  const [header, first, second] = readFileSync(output, 'utf8').trim().split('\n');
  expect(header).toBe('place,date,TMAX,TMIN,SNOW,prediction,lower,upper,imputed,warnings');
  expect(first).toBe('here,2025-01-15T08:00,40,30,0,401,301,601,,');
  expect(second).toBe('there,2025-01-15T09:30,50,30,,501,401,701,SNOW,');
});

test('accepts day and hour in two columns, and writes parquet', async () => {
  const [input, output] = files('date,hour,TMAX,TMIN,SNOW\n2025-01-15,8,40,30,0\n', 'out.parquet');
  await predictFile(model, input, output);
  const { rows, columns } = await readTable(output);
  expect([rows, columns.get('prediction')?.values[0]]).toEqual([1, 401]);
});

test('keeps the order of many rows', async () => {
  const lines = Array.from({ length: 45_000 }, (_, i) => `2025-01-15T08:00,${(i % 1_000) / 10},-40,0`);
  const [input, output] = files(`date,TMAX,TMIN,SNOW\n${lines.join('\n')}\n`, 'out.parquet');
  expect((await predictFile(model, input, output)).rows).toBe(45_000);
  const { columns } = await readTable(output);
  const [temperatures, predictions] = [columns.get('TMAX')!.values, columns.get('prediction')!.values];
  const wrong = lines.findIndex(
    (_, i) =>
      Math.abs((predictions[i] as number) - (10 * ((i % 1_000) / 10) + 1)) > 1e-3 ||
      temperatures[i] !== (i % 1_000) / 10,
  );
  expect(wrong).toBe(-1);
});

test.each([
  ['date,TMAX,TMIN\n2025-01-15T08:00,40,30\n', /column SNOW is missing; it has "date", "TMAX", "TMIN"/],
  ['date,TMAX,TMIN,SNOW,prediction\n2025-01-15T08:00,40,30,0,1\n', /it has a column prediction already/],
  [
    'date,TMAX,TMIN,SNOW\n2025-01-15T08:00,40,30,0\n2025-03-09T02:00,40,30,0\n',
    /row 2: date: .* an hour that exists/,
  ],
  [
    'date,TMAX,TMIN,SNOW\nsoon,40,30,0\n',
    /row 1: date: got "soon", expected local time of the system as YYYY-MM-DDTHH:MM/,
  ],
  [
    'date,TMAX,TMIN,SNOW, tmax\n2025-01-15T08:00,40,30,0,50\n',
    /several columns are TMAX, got "TMAX", " tmax": rename or remove the others/,
  ],
  [
    'date,hour,TMAX,TMIN,SNOW\n2025-01-15,24,40,30,0\n',
    /row 1: hour: got 24, expected a whole hour from 0 to 23/,
  ],
])('rejects %j', async (csv, why) => {
  const [input, output] = files(csv, 'out.csv');
  await expect(predictFile(model, input, output)).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringMatching(why) as string,
  });
});

const HEADER = 'date,TMAX,TMIN,SNOW';
const withRow = (header: string, ...rows: readonly string[]): string => `${[header, ...rows].join('\n')}\n`;

test.each([
  [
    'a zone',
    withRow(HEADER, '2025-01-15T08:00-05:00,40,30,0'),
    /row 1: date: got "2025-01-15T08:00-05:00".* zone/,
  ],
  ['UTC', withRow(HEADER, '2025-01-15T08:00Z,40,30,0'), /row 1: date: got "2025-01-15T08:00Z".* zone/],
  [
    'a day first or last',
    withRow('date,hour,TMAX,TMIN,SNOW', '06/05/2025,8,75,60,0'),
    /row 1: date: got "06\/05\/2025"/,
  ],
  ['no day of the calendar', withRow(HEADER, '2025-02-30T08:00,40,30,0'), /row 1: date: .* in the calendar/],
  [
    'a range',
    withRow(HEADER, '2025-01-15T08:00,40,30,0', '2025-01-15T09:00,9999,30,0'),
    /row 2: TMAX: got 9999/,
  ],
  ['half an hour', withRow('date,hour,TMAX,TMIN,SNOW', '2025-01-15,8.5,40,30,0'), /row 1: hour: got 8.5/],
  [
    'a trace of warmth',
    withRow(HEADER, '2025-01-15T08:00,T,30,0'),
    /row 1: TMAX: got "T", expected a number/,
  ],
  [
    'TMIN above TMAX',
    withRow(HEADER, '2025-01-15T08:00,30,40,0'),
    /row 1: TMIN: got 40, expected .* not above TMAX/,
  ],
  [
    'an hour left blank beside a midnight',
    withRow('date,hour,TMAX,TMIN,SNOW', '2025-01-15T00:00,8,40,30,0', '2025-01-16T00:00,,40,30,0'),
    /row 2: hour: got "", expected a whole hour/,
  ],
  [
    'a field too many',
    withRow(HEADER, '2025-01-15T08:00,40,30,0,1'),
    /line 2, row 1: got 5 fields, expected 4/,
  ],
])('rejects %s by row and field, and writes nothing', async (_name, csv, why) => {
  const [input, output] = files(csv, 'out.csv');
  await expect(predictFile(model, input, output)).rejects.toThrow(why);
  expect(existsSync(output)).toBe(false);
});

test('passes cells of other columns through as written', async () => {
  const cells = [
    '08904',
    '5379.10',
    'T',
    'NA',
    '1e5',
    '12345678901234567890123',
    ' x ',
    '1/2/24',
    '-0',
    '007',
  ];
  const names = cells.map((_, i) => `c${i}`);
  const [input, output] = files(
    withRow(`${HEADER},${names.join(',')},q`, `2025-01-15T08:00:00,40,30,0,${cells.join(',')},"a ""b"",\nc"`),
    'out.csv',
  );
  await predictFile(model, input, output);
  const [header, row] = Papa.parse<string[]>(readFileSync(output, 'utf8')).data;
  expect(header!.slice(4, -5)).toEqual([...names, 'q']);
  expect(row!.slice(4, -5)).toEqual([...cells, 'a "b",\nc']);
});

test('reads columns in any case, a trace of rain and a missing value', async () => {
  const [input, output] = files(
    withRow('Date,Hour,tmax,tmin,snow,prcp', '2025-01-15T00:00,8,40,30,NA,T'),
    'out.csv',
  );
  await predictFile(model, input, output);
  expect(readFileSync(output, 'utf8')).toContain('\n2025-01-15T00:00,8,40,30,NA,T,401,301,601,SNOW,\n');
});

test.each(['a[1].csv', 'a*.csv', 'a?.csv', 'a#b.csv', 'a%41.csv', 'a b.csv'])(
  'reads and writes %s and no other file, as a path and as an address',
  async (name) => {
    const [input, output] = files(withRow(HEADER, '2025-01-15T08:00,40,30,0'), `out ${name}`);
    const dir = path.dirname(input);
    for (const other of ['a1.csv', 'ab.csv', 'aA.csv'])
      writeFileSync(path.join(dir, other), withRow(HEADER, '2025-01-15T08:00,99,30,0'));
    const named = path.join(dir, name);
    renameSync(input, named);
    await predictFile(model, named, output);
    await predictFile(model, pathToFileURL(named).href, pathToFileURL(`${output}.csv`).href);
    for (const file of [output, `${output}.csv`])
      expect(readFileSync(file, 'utf8')).toContain('2025-01-15T08:00,40,30,0,401,');
  },
);

test('explains an unescaped mark in an address', async () => {
  const [input, output] = files(withRow(HEADER, '2025-01-15T08:00,40,30,0'), 'out.csv');
  await expect(predictFile(model, `file://${input}?1`, output)).rejects.toThrow(/\? starts a query.*%3F/);
  await expect(predictFile(model, input, `file://${output}#1.csv`)).rejects.toThrow(
    /# starts a fragment.*%23/,
  );
});

test('names warnings per row, and converts a file in metric units', async () => {
  const [input, output] = files(
    'date,TMAX,TMIN,SNOW\n2025-01-15T08:00,40,30,0\n2099-07-15T08:00,85,70,0\n2025-07-15T08:00,29,21,0\n',
    'out.csv',
  );
  expect((await predictFile(model, input, output)).warnedRows).toBe(2);
  const warnings = readFileSync(output, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(',').at(-1));
  expect(warnings).toEqual(['warnings', '', 'growth_held', 'units_suspect']);

  const [metric, converted] = files('date,TMAX,TMIN,SNOW\n2025-07-15T08:00,30,20,0\n', 'out.csv');
  expect(await predictFile(model, metric, converted, 'metric')).toEqual({ rows: 1, warnedRows: 0 });
  // 30 °C is 86 °F.
  expect(readFileSync(converted, 'utf8')).toMatch(/\n2025-07-15T08:00,30,20,0,861,/);
});

test('writes to the target of a link', async () => {
  const [input, output] = files('date,TMAX,TMIN,SNOW\n2025-01-15T08:00,40,30,0\n', 'out.csv');
  const link = `${output}.link.csv`;
  writeFileSync(output, '');
  symlinkSync('out.csv', link);
  await predictFile(model, input, link);
  expect(readFileSync(output, 'utf8')).toMatch(/\n2025-01-15T08:00,40,30,0,401,/);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
});

test.skipIf(NO_LINUX)(orSkip('closes the output when a row is rejected', NO_LINUX), async () => {
  const [input, output] = files('date,TMAX,TMIN,SNOW\nsoon,40,30,0\n', 'out.csv');
  await expect(predictFile(model, input, output)).rejects.toThrow('soon');
  expect(heldFiles(path.dirname(output))).toEqual([]);
});

test.each([
  ['30,30.02', 'TMIN: got 30.02, expected a temperature not above TMAX, which is 30 °C'],
  ['86,20', 'TMAX: got 86, expected a temperature from -51.1 to 60 °C'],
])('rejects TMAX and TMIN %s in the metric units of the file', async (temperatures, message) => {
  const [input, output] = files(`date,TMAX,TMIN,SNOW\n2025-07-15T08:00,${temperatures},0\n`, 'out.csv');
  await expect(predictFile(model, input, output, 'metric')).rejects.toThrow(message);
});

test.each([
  [
    ['--forecast'],
    '--forecast: applies to one hour, but hours.csv contains the hours; omit this option or --file',
  ],
  [
    ['--date', '2025-01-15T08:00', '--prcp-yesterday', '0', '--no-holiday'],
    '--date, --holiday, --prcp-yesterday: applies to one hour',
  ],
])('rejects %s, which does not apply to a file', async (options, message) => {
  const args = ['--file', 'hours.csv', '--out', 'out.csv', ...options];
  await expect(predictCommand().parseAsync(args, { from: 'user' })).rejects.toThrow(message);
});

test('names the missing option for the output file', async () => {
  await expect(predictCommand().parseAsync(['--file', 'hours.csv'], { from: 'user' })).rejects.toThrow(
    '--out: missing; name the file to write: .csv, .tsv or .parquet',
  );
});
