import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { predictFile } from '../../../activities/predict/predict-file.ts';
import { readTable } from '../../../adapters/tables/read-table.ts';
import { parseModelFiles } from '../../../core/model/serving-model.ts';
import { tinyModelFiles } from '../inference/tiny-model.ts';

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
  expect(await predictFile(model, input, output)).toBe(2);
  const [header, first, second] = readFileSync(output, 'utf8').trim().split('\n');
  expect(header).toBe('place,date,TMAX,TMIN,SNOW,prediction,lower,upper,imputed');
  expect(first).toBe('here,2025-01-15T08:00,40,30,0,401,301,601,');
  expect(second).toBe('there,2025-01-15T09:30,50,30,,501,401,701,SNOW');
});

test('takes a day and an hour in two columns, and writes parquet', async () => {
  const [input, output] = files('date,hour,TMAX,TMIN,SNOW\n2025-01-15,8,40,30,0\n', 'out.parquet');
  await predictFile(model, input, output);
  const { rows, columns } = await readTable(output);
  expect([rows, columns.get('prediction')?.values[0]]).toEqual([1, 401]);
});

test('keeps the order of many rows', async () => {
  const lines = Array.from({ length: 45_000 }, (_, i) => `2025-01-15T08:00,${(i % 1_000) / 10},30,0`);
  const [input, output] = files(`date,TMAX,TMIN,SNOW\n${lines.join('\n')}\n`, 'out.parquet');
  expect(await predictFile(model, input, output)).toBe(45_000);
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
    /row 1: date: got "soon", expected New York local time as YYYY-MM-DDTHH:MM/,
  ],
  [
    'date,hour,TMAX,TMIN,SNOW\n2025-01-15,24,40,30,0\n',
    /row 1: hour: got 24, expected a whole hour from 0 to 23/,
  ],
])('refuses %j', async (csv, why) => {
  const [input, output] = files(csv, 'out.csv');
  await expect(predictFile(model, input, output)).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringMatching(why) as string,
  });
});
