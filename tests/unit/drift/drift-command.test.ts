import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { driftCommand } from '../../../client/commands/drift.ts';
import { readTable } from '../../../adapters/tables/read-table.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'citibike-test-'));
afterAll(() => rmSync(dir, { recursive: true }));
afterEach(() => {
  process.exitCode = 0;
  vi.restoreAllMocks();
});

/** Returns 48 hours from Sunday 2025-01-05, with `value(i)` in column x. */
function csv(name: string, value: (i: number) => number | string, header = 'date,hour,x'): string {
  const file = path.join(dir, name);
  const lines = Array.from({ length: 48 }, (_, i) => `2025-01-0${i < 24 ? 5 : 6},${i % 24},${value(i)}`);
  writeFileSync(file, [header, ...lines].join('\r\n'));
  return file;
}

const low = csv('low.csv', (i) => i);
const high = csv('high.csv', (i) => i + 40);

async function run(...args: string[]): Promise<string> {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  await driftCommand().parseAsync(args, { from: 'user' });
  return written.join('');
}

interface Result {
  readonly drift: boolean;
  readonly ignored_columns: string[];
  readonly ignored: { readonly name: string; readonly reason: string }[];
  readonly conclusion: { readonly outcome: string; readonly text: string };
  readonly whole: { readonly columns: Record<string, { readonly test: string; readonly type: string }> };
  readonly weeks: Record<string, { readonly rows: number }>;
}
const runJson = async (...args: string[]) => JSON.parse(await run(...args, '--json')) as Result;

describe('citibike drift', () => {
  it('ends with 0 when nothing drifted', async () => {
    await run('--reference', low, '--current', low);
    expect(process.exitCode ?? 0).toBe(0);
  });

  it('ends with 2 when half of the columns drifted', async () => {
    const text = await run('--reference', low, '--current', high);
    expect(process.exitCode).toBe(2);
    expect(text).toContain('data set drift: yes, 1 of 1 columns drifted');
  });

  it('ends with 0 in spite of drift with --exit-zero', async () => {
    expect((await runJson('--reference', low, '--current', high, '--exit-zero')).drift).toBe(true);
    expect(process.exitCode ?? 0).toBe(0);
  });

  it.for([
    ['numbers on one side and texts on the other', 'date,hour,x', (): string => 'n/v', []],
    ['no column in common', 'date,hour,other', (i: number): number => i, []],
    ['every column ignored', 'date,hour,x', (i: number): number => i, ['--ignore', 'x']],
  ] as const)('ends with 3 for %s, also with --exit-zero', async ([name, header, value, extra]) => {
    const other = csv(`${name}.csv`, value, header);
    const args = ['--reference', low, '--current', other, '--exit-zero', ...extra];
    expect(await run(...args)).toMatch(/^Nothing could be compared: /);
    expect(process.exitCode).toBe(3);
    const result = await runJson(...args, '--by', 'week');
    expect(result).toMatchObject({ drift: false, conclusion: { outcome: 'nothing_compared' } });
    expect(process.exitCode).toBe(3);
  });

  it('does not treat a week without a value as a week without drift', async () => {
    const lines = Array.from({ length: 80 }, (_, i) =>
      i < 40 ? `2025-01-06,${i % 24},` : `2025-01-13,${i % 24},${i % 40}`,
    );
    const gap = path.join(dir, 'gap.csv');
    writeFileSync(gap, ['date,hour,x', ...lines].join('\n'));
    const text = await run('--reference', low, '--current', gap, '--by', 'week');
    expect(text).toContain('1 of 2 weeks could not be compared (2025-W02)');
    expect(text).toMatch(/^2025-W02 .* not compared /m);
    expect(process.exitCode ?? 0).toBe(0);
  });

  it('ignores named columns, repeated or separated by commas, and gives the reason for each', async () => {
    const wide = csv('ignore.csv', (i) => `${i},${i},${i}`, 'date,hour,x,y,z');
    const both = ['--reference', wide, '--current', wide];
    const result = await runJson(...both, '--ignore', 'y', '--ignore', 'z,hour');
    expect(Object.keys(result.whole.columns)).toEqual(['x']);
    expect(result.ignored_columns).toEqual(['date', 'hour', 'y', 'z']);
    expect(result.ignored).toContainEqual({ name: 'y', reason: 'named by --ignore' });
    expect(result.ignored).toContainEqual({ name: 'date', reason: 'says when a row is' });
    const chosen = await runJson(...both, '--columns', 'x', '--columns', 'y', '--ignore', 'y');
    expect(Object.keys(chosen.whole.columns)).toEqual(['x']);
    expect(chosen.ignored).toContainEqual({ name: 'z', reason: 'not named by --columns' });
    expect(await run(...both, '--ignore', 'y,z')).toContain(
      'ignored: date, hour (says when a row is); y, z (named by --ignore)',
    );
  });

  it('compares without regression quality if trips of reference are texts', async () => {
    const texts = csv('texts.csv', (i) => `n/v,${i}`, 'date,hour,trips,prediction');
    const result = await runJson('--reference', texts, '--current', texts);
    expect(Object.keys(result.whole.columns)).toEqual(['trips', 'prediction']);
    await expect(run('--reference', texts, '--current', texts, '--target', 'trips')).rejects.toThrow(
      /--target: column "trips" of .*texts\.csv holds categories, expected numbers/,
    );
  });

  it.for(['12/23/2024', '2025-01-06T12:00:00Z', '2025-02-29', '2025-01-06 25:00', '20250106'])(
    'names file, column and row of the wrong date %s',
    async (date) => {
      const file = path.join(dir, 'dates.csv');
      writeFileSync(file, `day,x\n2025-01-06,1\n2025-01-06 23:59:59.5,2\n${date},3\n`);
      const args = ['--reference', file, '--current', file, '--by', 'week', '--date', 'day'];
      await expect(run(...args)).rejects.toThrow(
        `${file}, column "day", row 3: got "${date}", expected a date as YYYY-MM-DD`,
      );
    },
  );

  it('names the week that has too few rows, and the columns that one week cannot compare', async () => {
    const weeks = path.join(dir, 'weeks.csv');
    const line = (day: string, hour: number, x: string) => `${day},${hour},${x}`;
    const usual = Array.from({ length: 40 }, (_, i) => line('2025-01-06', i % 24, `${i}`));
    writeFileSync(weeks, ['date,hour,x', ...usual, line('2025-01-13', 0, '')].join('\n'));
    const text = await run('--reference', low, '--current', weeks, '--by', 'week');
    expect(text).toContain(
      '2025-W03: current has only 1 row, expected at least 30: tests miss most changes with so few rows',
    );
    expect(text).toContain('2025-W03: x: no value in current');
    expect(text).not.toContain('2025-W02: ');
  });

  it('reports that a current without rows has nothing to compare', async () => {
    const empty = path.join(dir, 'empty.csv');
    writeFileSync(empty, 'date,hour,x\n');
    const text = await run('--reference', low, '--current', empty, '--by', 'week');
    expect(text).toContain('data set drift: nothing to compare');
    expect(text).toContain('current has no rows');
    expect(text).toMatch(/^x .*not compared/m);
    expect(text).toContain('no weeks: current has no rows');
    expect(process.exitCode).toBe(3);
  });

  it('reports that a week has only three rows', async () => {
    const few = path.join(dir, 'few.csv');
    writeFileSync(few, `date,hour,x\n${[0, 1, 2].map((hour) => `2025-01-06,${hour},${hour}`).join('\n')}\n`);
    const { weeks } = await runJson('--reference', low, '--current', few, '--by', 'week');
    expect(weeks).toMatchObject({ '2025-W02': { rows: 3, findings: [{ kind: 'few_rows' }] } });
  });

  it('reads numbers to the last bit, in any notation', async () => {
    const texts = [
      '-0.1',
      '.5',
      '7.',
      '123456789.012345',
      '0.30000000000000004',
      '1e-7',
      '-12',
      '00012.50',
      '-.25',
    ];
    const file = path.join(dir, 'numbers.csv');
    writeFileSync(file, `x,y\n${texts.map((text) => `${text},1`).join('\n')}\n`);
    const { columns } = await readTable(file);
    expect([...columns.get('x')!.values]).toEqual(texts.map(Number));
  });

  it('leaves out date and time columns, and reports them', async () => {
    const result = await runJson('--reference', low, '--current', low);
    expect(Object.keys(result.whole.columns)).toEqual(['x']);
    expect(result.ignored_columns).toEqual(['date', 'hour']);
  });

  it('compares each ISO week of current', async () => {
    const result = await runJson('--reference', low, '--current', high, '--by', 'week');
    expect(Object.keys(result.weeks)).toEqual(['2025-W01', '2025-W02']);
    expect(result.weeks['2025-W02']?.rows).toBe(24);
  });

  it('uses the named test, and treats named numbers as categories', async () => {
    const named = await runJson('--reference', low, '--current', low, '--test', 'psi');
    expect(named.whole.columns['x']?.test).toBe('psi');
    const categorical = await runJson('--reference', low, '--current', low, '--categorical', 'x');
    expect(categorical.whole.columns['x']).toMatchObject({ type: 'cat', test: 'chisquare' });
  });

  it('prefers tests and thresholds of single columns to those of their type and those for all', async () => {
    const wide = csv('wide.csv', (i) => `${i},${i % 2 === 0 ? 'a' : 'b'},${i}`, 'date,hour,x,kind,y');
    const both = ['--reference', wide, '--current', wide];
    const tests = ['--test', 'psi', '--num-test', 'ks', '--column-test', 'y=ed'];
    const thresholds = ['--threshold', '0.3', '--column-threshold', 'x=0.01'];
    const { whole } = await runJson(...both, ...tests, ...thresholds);
    expect(whole.columns).toMatchObject({
      x: { test: 'ks', threshold: 0.01 },
      kind: { test: 'psi', threshold: 0.3 },
      y: { test: 'ed', threshold: 0.3 },
    });
  });

  it('reports a missing column, and continues', async () => {
    const more = csv('more.csv', (i) => `${i},${i}`, 'date,hour,x,wind');
    expect(await run('--reference', more, '--current', low)).toContain(
      'wind: is in reference, but not in current',
    );
    expect(process.exitCode ?? 0).toBe(0);
  });

  it('compares with an empty file', async () => {
    const empty = path.join(dir, 'empty.csv');
    writeFileSync(empty, 'date,hour,x\n');
    expect(await run('--reference', low, '--current', empty, '--by', 'week')).toContain(
      'current has no rows',
    );
  });

  it('reads quotes, line ends in quotes, semicolons and a byte order mark', async () => {
    const quoted = path.join(dir, 'quoted.csv');
    writeFileSync(quoted, '\uFEFFname;x\r\n"a;b";1\r\n"say ""no""\nthen go";2.5\r\n\r\n;inf');
    const table = await readTable(quoted);
    expect(table.rows).toBe(3);
    expect(table.columns.get('name')?.values).toEqual(['a;b', 'say "no"\nthen go', null]);
    expect([...(table.columns.get('x')?.values ?? [])]).toEqual([1, 2.5, Infinity]);
  });

  it('rejects a row of another length by its line', async () => {
    const broken = path.join(dir, 'broken.csv');
    writeFileSync(broken, 'a,b\n1,2\n3\n');
    await expect(readTable(broken)).rejects.toThrow(/broken.csv, line 3, row 2: got 1 fields, expected 2/);
  });

  it('counts the missing values of pandas as missing', async () => {
    const gaps = csv('gaps.csv', (i) => ['', 'NaN', 'NA', 7][i % 4]!);
    const text = await run('--reference', low, '--current', gaps);
    expect(text).toContain('missing values: 75.0 % of current');
  });

  it('writes the report to a file', async () => {
    const html = path.join(dir, 'report.html');
    await run('--reference', low, '--current', high, '--html', html);
    const page = readFileSync(html, 'utf8');
    expect(page).toContain('<!doctype html>');
    // The conclusion comes before every table and chart.
    const opening = page.slice(page.indexOf('</h1>'), page.search(/<(table|svg|h2)/));
    expect(opening).toContain(
      '<strong>Drift found</strong>: the only column drifted (100 %, limit 50 %): x.',
    );
  });

  it('documents every exit code', () => {
    const written: string[] = [];
    const command = driftCommand().configureOutput({ writeOut: (text) => written.push(text) });
    command.outputHelp();
    expect(written.join('')).toMatch(
      /0 {2}no drift\n.*1 {2}error.*\n.*2 {2}drift.*\n.*3 {2}nothing could be compared/,
    );
  });

  it.for([
    ['a file that is not there', ['--current', 'nowhere.csv'], 'SOURCE_NOT_FOUND', /no file nowhere.csv/],
    [
      'a file of another kind',
      ['--current', import.meta.filename],
      'INVALID_INPUT',
      /expected a file that ends in/,
    ],
    [
      'a target that is not there',
      ['--current', low, '--target', 'y'],
      'INVALID_INPUT',
      /--target: no compared column is named "y"/,
    ],
    [
      'a column that is not there',
      ['--current', low, '--columns', 'y'],
      'INVALID_INPUT',
      /has no column "y"; it has/,
    ],
    [
      'an ignored column that is not there',
      ['--current', low, '--ignore', 'x,y'],
      'INVALID_INPUT',
      /--ignore: neither .*low\.csv nor .*low\.csv has a column "y"; they have date, hour, x/,
    ],
  ] as const)('rejects %s by name', async ([, args, code, message]) => {
    const failed = run('--reference', low, ...args);
    await expect(failed).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
  });
});
