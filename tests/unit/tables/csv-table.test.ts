import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ColumnTable } from '../../../adapters/tables/column-table.ts';
import { readTable } from '../../../adapters/tables/read-table.ts';
import { temporaryFolder } from './temporary-folder.ts';

function read(content: string | Uint8Array, categorical: readonly string[] = []): Promise<ColumnTable> {
  const file = path.join(temporaryFolder(), 'table.csv');
  writeFileSync(file, content);
  return readTable(file, { categorical });
}

const valuesOf = (table: ColumnTable, name = 'x') => [...table.columns.get(name)!.values];
const typeOf = (table: ColumnTable, name = 'x') => table.columns.get(name)!.type;

/** Writes column x and a second one, so that empty cells are not blank lines. */
const column = (cells: readonly string[]): string => `x,y\n${cells.map((cell) => `${cell},1\n`).join('')}`;

describe('a file', () => {
  it.each([
    ['line feeds', 'a,b\n1,2\n3,4\n'],
    ['no line end at the end', 'a,b\n1,2\n3,4'],
    ['CRLF', 'a,b\r\n1,2\r\n3,4\r\n'],
    ['carriage returns alone', 'a,b\r1,2\r3,4'],
    ['blank lines', '\r\na,b\r\n\r\n1,2\r\n\r\n3,4\r\n\r\n'],
    ['a byte order mark', '\uFEFFa,b\n1,2\n3,4\n'],
    ['quotes throughout', '\uFEFF"a","b"\n"1","2"\n"3","4"'],
    ['tabs', 'a\tb\n1\t2\n3\t4\n'],
    ['semicolons, and a comma in a name', '"a";b\n1;2\n3;4\n'],
  ])('with %s has the same rows', async (_, content) => {
    const table = await read(content);
    expect([table.rows, valuesOf(table, 'a'), valuesOf(table, 'b')]).toEqual([2, [1, 3], [2, 4]]);
  });

  it('keeps delimiters, line ends and doubled quotes within quotes', async () => {
    const table = await read('x,y\n"a,b",1\n"two\r\nlines",2\n"say ""no""",3\n"",4\n');
    expect(valuesOf(table)).toEqual(['a,b', 'two\r\nlines', 'say "no"', null]);
  });

  it('has the same rows for any chunk borders: within letters, quotes and line ends', async () => {
    // 3 MB are a dozen chunks, which end at every kind of byte.
    const names = Array.from({ length: 7 }, (_, i) => `Zürich "${'é'.repeat(i)}"\n🚲 ${i}`);
    const rows = Array.from({ length: 100_000 }, (_, i) => [i / 8, names[(i * i) % 7]!] as const);
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const table = await read(`x,name\n${rows.map(([x, name]) => `${x},${quoted(name)}\n`).join('')}`);
    expect(table.rows).toBe(rows.length);
    expect(valuesOf(table).findIndex((x, i) => x !== rows[i]![0])).toBe(-1);
    expect(valuesOf(table, 'name').findIndex((name, i) => name !== rows[i]![1])).toBe(-1);
  });

  it('may have a cell longer than a chunk', async () => {
    const long = 'long '.repeat(200_000);
    const short = Array.from({ length: 50_000 }, (_, i) => `${i % 10},s\n`);
    const table = await read(`x,text\n1,"${long}"\n${short.join('')}`);
    expect(table.rows).toBe(50_001);
    expect(valuesOf(table, 'text').slice(0, 2)).toEqual([long, 's']);
    expect(valuesOf(table).at(-1)).toBe(9);
  });
});

describe('a column', () => {
  it('of numbers has NaN for missing ones, and infinity by its names', async () => {
    const cells = ['1.5', '', 'NaN', 'NA', '-inf', 'Infinity', ' 7 ', '1e3', '+2', 'null'];
    const table = await read(column(cells));
    expect(typeOf(table)).toBe('num');
    expect(valuesOf(table)).toEqual([1.5, NaN, NaN, NaN, -Infinity, Infinity, 7, 1000, 2, NaN]);
  });

  it('of booleans becomes numbers', async () => {
    expect(valuesOf(await read(column(['true', 'False', '', 'TRUE'])))).toEqual([1, 0, NaN, 1]);
  });

  it('with texts after numbers keeps the numbers as written', async () => {
    const table = await read('id,n,late\n01,1,7\n1.0,2,8\nx7,3,9\n,4,none\n');
    expect(valuesOf(table, 'id')).toEqual(['01', '1.0', 'x7', null]);
    expect(valuesOf(table, 'late')).toEqual(['7', '8', '9', 'none']);
    expect(valuesOf(table, 'n')).toEqual([1, 2, 3, 4]);
  });

  it('of numbers and booleans becomes categories, in any order', async () => {
    expect(valuesOf(await read(column(['1', 'true', '0'])))).toEqual(['1', 'true', '0']);
    expect(valuesOf(await read(column(['true', '1', 'false'])))).toEqual(['true', '1', 'false']);
  });

  it('of texts after missing ones keeps them missing', async () => {
    expect(valuesOf(await read(column(['', 'NA', 'member', '', 'casual'])))).toEqual([
      null,
      null,
      'member',
      null,
      'casual',
    ]);
  });

  it('without a value counts as numeric', async () => {
    const table = await read(column(['', 'NA']));
    expect([typeOf(table), ...valuesOf(table)]).toEqual(['num', NaN, NaN]);
  });

  it('of numbers named categorical has one category per number, in any notation', async () => {
    const table = await read(column(['1', '2', '1.0', '', '2e0']), ['x']);
    expect(table.columns.get('x')).toMatchObject({ type: 'cat', categories: [1, 2] });
    expect(valuesOf(table)).toEqual([1, 2, 1, null, 2]);
  });

  it('of long ids named categorical distinguishes ids that share one double', async () => {
    const [one, two] = ['1817822909864556350', '1817822909864556351'] as const;
    expect(valuesOf(await read(column([one, two, '7', one]), ['x']))).toEqual([one, two, 7, one]);
  });

  it('of numbers with commas is rejected, unless they are named categorical', async () => {
    const cells = ['"40,5"', '38', '', '"-2,25"'];
    await expect(read(column(cells))).rejects.toThrow(
      /table\.csv, column "x": got "40,5", expected numbers with a decimal point/,
    );
    await expect(read(column(['"1,234"', '"12,345,678.5"']))).rejects.toThrow('got "1,234"');
    expect(valuesOf(await read(column(cells), ['x']))).toEqual(['40,5', '38', null, '-2,25']);
    expect(valuesOf(await read(column(['"40,5"', 'n/v'])))).toEqual(['40,5', 'n/v']);
  });

  it('of texts and numbers named categorical has texts', async () => {
    expect(valuesOf(await read(column(['1', 'a', '1.0']), ['x']))).toEqual(['1', 'a', '1.0']);
  });
});

it.each<[string, string | Uint8Array, RegExp]>([
  ['an empty file', '', /table\.csv is empty: expected a line of column names/],
  ['a file of a byte order mark', '\uFEFF', /table\.csv is empty/],
  ['a file of blank lines', '\r\n\r\n', /table\.csv, it has no line of column names/],
  ['a name that comes twice', 'a,b,a\n1,2,3\n', /names must differ.*"a" \(2 times\)/],
  [
    'names that differ in case alone',
    'Trips,b,TRIPS\n1,2,3\n',
    /names must differ.*"Trips" and "TRIPS" \(2 times\)/,
  ],
  ['columns without a name', '\n\na,,b, \n1,2,3,4\n', /line 3: 2 of 4 columns have no name \(column 2, 4\)/],
  ['the line for Excel', 'sep=;\na;b\n1;2\n', /line 1: got "sep=", a line that only Excel reads/],
  [
    'the line for Excel in quotes',
    '"sep=;"\r\na;b\r\n1;2\r\n',
    /line 1: got "sep=;", a line that only Excel reads/,
  ],
  ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), /line 1: this is UTF-32/],
  ['an Excel workbook', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), /line 1: this is an Excel workbook/],
  ['a row that is too short', 'a,b\n1,2\n\n3\n', /line 4, row 2: got 1 fields, expected 2/],
  ['a row that is too long', 'a,b\n1,2,"3\n4",5\n', /line 2, row 1: got 4 fields, expected 2/],
  ['rows that end in a delimiter', 'a,b\n1,2,\n3,4,\n', /line 2, row 1 \(and 1 more rows\): got 3 fields/],
  ['a quote that is not closed', 'a,b\n1,"2\n"\n3,"4\n5,6\n', /line 4: a quote is opened and never closed/],
  ['a quote of the header that is not closed', '"a,b\n1,2\n', /line 1: a quote is opened and never closed/],
  ['text after a closing quote', 'a,b\n1,"2"3\n', /line 2: text follows a closing quote/],
  ['a blank after a closing quote', 'a,b\n"1\n\n" ,2\n', /line 4: text follows a closing quote/],
  ['LF after CRLF', 'a,b\r\n1,2\r\n3,4\n5,6\r\n', /line 3: it ends in LF, the lines before in CRLF/],
  ['CR after LF', 'a,b\n1,2\r3,4\n', /line 2: it ends in CR, the lines before in LF/],
  ['other line ends after a quote within a cell', 'a\r\n5" x\r\n3\n4\r\n', /line 3: it ends in LF/],
])('rejects %s', async (_, content, why) => {
  await expect(read(content)).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringMatching(why) as string,
  });
});

it('rejects a pipe, which would block for ever', async () => {
  const pipe = path.join(temporaryFolder(), 'pipe.csv');
  execFileSync('mkfifo', [pipe]);
  await expect(readTable(pipe)).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: `${pipe} is not a regular file: save its content in a file, and name that`,
  });
});
