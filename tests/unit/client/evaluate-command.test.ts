import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { evaluateCommand } from '../../../client/commands/evaluate.ts';
import { randomModelFiles } from '../../fixtures/random-model.ts';
import { NO_REAL_DATA, realDataDir } from '../../real-data.ts';
import { orSkip } from '../../or-skip.ts';

type Metrics = Record<
  'rows' | 'rmse' | 'mae' | 'r2' | 'bias' | 'mape' | 'coverage' | 'width' | 'winkler',
  number
>;
interface Answer extends Metrics {
  readonly metrics: Metrics;
  readonly byWeather: Record<string, Record<string, Metrics>>;
}

const data = realDataDir();
let dir = '';
let model = '';

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'citibike-evaluate-test-'));
  model = dir;
  for (const [name, bytes] of Object.entries(randomModelFiles([0.05, 0.5, 0.95])))
    await writeFile(path.join(dir, name), bytes);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** Returns the command's output with --json. */
async function evaluated(...args: string[]): Promise<Answer> {
  const written: string[] = [];
  const outputs = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      if (stream === process.stdout) written.push(String(chunk));
      return true;
    }),
  );
  try {
    await evaluateCommand().parseAsync([model, '--json', ...args], { from: 'user' });
  } finally {
    for (const output of outputs) output.mockRestore();
  }
  return JSON.parse(written.join('')) as Answer;
}

/** Writes the weather file with each value converted by `of`, and renamed columns where given. */
async function weatherIn(
  name: string,
  of: (column: string, value: number) => number,
  rename = (column: string) => column,
): Promise<string> {
  const text = await readFile(path.join(data!, 'weather', 'weather-daily-2025-q1.csv'), 'utf8');
  const [header = '', ...lines] = text.trim().split(/\r?\n/);
  const columns = header.split(',');
  const rows = lines.map((line) =>
    line
      .split(',')
      .map((field, i) => (i === 0 || field === '' ? field : String(of(columns[i]!, Number(field)))))
      .join(','),
  );
  const file = path.join(dir, name);
  await writeFile(file, [columns.map(rename).join(','), ...rows, ''].join('\n'));
  return file;
}

const celsius = (fahrenheit: number) => ((fahrenheit - 32) * 5) / 9;
const METRIC: Readonly<Record<string, (value: number) => number>> = {
  TMAX: celsius,
  TMIN: celsius,
  TAVG: celsius,
  PRCP: (inches) => inches * 25.4,
  SNOW: (inches) => inches * 25.4,
  SNWD: (inches) => inches * 25.4,
  AWND: (mph) => mph * 0.44704,
};
const toMetric = (column: string, value: number) => METRIC[column]!(value);
/** Lists the units of `units=metric`: temperatures, rain and wind to a tenth, snow in whole millimetres. */
const asNoaa = (column: string, value: number) =>
  Number(toMetric(column, value).toFixed(column.startsWith('SN') ? 0 : 1));

const withUnit = (column: string) =>
  ({ DATE: 'DATE', TMAX: 'TMAX (C)', TMIN: 'TMIN (C)', TAVG: 'TAVG (C)', AWND: 'AWND (m/s)' })[column] ??
  `${column} (mm)`;

describe.skipIf(!data)(orSkip('citibike evaluate --json', !data && NO_REAL_DATA), () => {
  const hourly = () => ['--hourly', path.join(data!, 'hourly', 'citibike-hourly-2025-q1.parquet')];
  const imperial = () => path.join(data!, 'weather', 'weather-daily-2025-q1.csv');

  test('prints metrics of all hours, and by weather', async () => {
    const answer = await evaluated(...hourly(), '--weather', imperial());
    // There are 90 days of 24 hours, and spring removes one hour.
    expect(answer.rows).toBe(2159);
    const names = ['rmse', 'mae', 'r2', 'bias', 'mape', 'coverage', 'width', 'winkler'] as const;
    for (const name of names) expect(answer[name], name).toBe(answer.metrics[name]);
    const { wet, dry } = answer.byWeather['rain']!;
    expect(wet!.rows + dry!.rows).toBe(2159);
  });

  test.each([
    ['metric, as precise as can be', toMetric, undefined],
    ['metric, as NOAA writes it', asNoaa, undefined],
    ['metric, with units in the names of the columns', asNoaa, withUnit],
  ] as const)('recognises weather in %s', async (_name, of, rename) => {
    const expected = await evaluated(...hourly(), '--weather', imperial());
    const got = await evaluated(...hourly(), '--weather', await weatherIn('metric.csv', of, rename));
    expect(got.rows).toBe(expected.rows);
    // The bound allows for rounding to a tenth of a degree and half a millimetre of snow.
    for (const name of ['rmse', 'mae', 'width'] as const)
      expect(Math.abs(got[name] - expected[name]) / expected[name], name).toBeLessThan(0.005);
  });

  test('scores the requested days', async () => {
    const span = ['--from', '2025-02-01', '--to', '2025-02-28'];
    expect((await evaluated(...hourly(), '--weather', imperial(), ...span)).rows).toBe(28 * 24);
  });
});

test('rejects a path that is not a folder, with what was expected', async () => {
  model = path.join(dir, 'nowhere');
  await expect(evaluated('--hourly', 'a.parquet', '--weather', 'b.csv')).rejects.toMatchObject({
    code: 'MODEL_NOT_FOUND',
  });
});
