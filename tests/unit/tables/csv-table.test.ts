import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ColumnTable } from '../../../adapters/csv/column-table.ts';
import { readCsvTable } from '../../../adapters/csv/csv-table.ts';
import { temporaryFolder } from './temporary-folder.ts';

function read(content: string | Uint8Array, categorical: readonly string[] = []): ColumnTable {
  const file = path.join(temporaryFolder(), 'table.csv');
  writeFileSync(file, content);
  return readCsvTable(file, categorical);
}

const valuesOf = (table: ColumnTable, name = 'x') => [...table.columns.get(name)!.values];
const typeOf = (table: ColumnTable, name = 'x') => table.columns.get(name)!.type;

/** A column x beside one that keeps empty cells from being blank lines. */
const column = (cells: readonly string[]): string => `x,y\n${cells.map((cell) => `${cell},1\n`).join('')}`;

describe('a file', () => {
  it.each([
    ['line feeds', 'a,b\n1,2\n3,4\n'],
    ['no line end at the end', 'a,b\n1,2\n3,4'],
    ['CRLF', 'a,b\r\n1,2\r\n3,4\r\n'],
    ['carriage returns alone', 'a,b\r1,2\r3,4'],
    ['blank lines', '\na,b\n\n1,2\r\n\r\n3,4\n\n'],
    ['a byte order mark', '\uFEFFa,b\n1,2\n3,4\n'],
    ['quotes throughout', '\uFEFF"a","b"\n"1","2"\n"3","4"'],
    ['tabs', 'a\tb\n1\t2\n3\t4\n'],
    ['semicolons, and a comma in a name', '"a";b\n1;2\n3;4\n'],
  ])('with %s is the table it says', (_, content) => {
    const table = read(content);
    expect([table.rows, valuesOf(table, 'a'), valuesOf(table, 'b')]).toEqual([2, [1, 3], [2, 4]]);
  });

  it('keeps delimiters, line ends and doubled quotes within quotes', () => {
    const table = read('x,y\n"a,b",1\n"two\r\nlines",2\n"say ""no""",3\n"",4\n');
    expect(valuesOf(table)).toEqual(['a,b', 'two\r\nlines', 'say "no"', null]);
  });

  it('is read alike wherever its pieces end, letters of several bytes and line ends in quotes among them', () => {
    // 3 MB: a dozen pieces, which end at every kind of byte.
    const names = Array.from({ length: 7 }, (_, i) => `Zürich "${'é'.repeat(i)}"\n🚲 ${i}`);
    const rows = Array.from({ length: 100_000 }, (_, i) => [i / 8, names[(i * i) % 7]!] as const);
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const table = read(`x,name\n${rows.map(([x, name]) => `${x},${quoted(name)}\n`).join('')}`);
    expect(table.rows).toBe(rows.length);
    expect(valuesOf(table).findIndex((x, i) => x !== rows[i]![0])).toBe(-1);
    expect(valuesOf(table, 'name').findIndex((name, i) => name !== rows[i]![1])).toBe(-1);
  });

  it('may have a record longer than a piece, and rows shorter than its first ones promise', () => {
    const long = 'long '.repeat(200_000);
    const short = Array.from({ length: 50_000 }, (_, i) => `${i % 10},s\n`);
    const table = read(`x,text\n1,"${long}"\n${short.join('')}`);
    expect(table.rows).toBe(50_001);
    expect(valuesOf(table, 'text').slice(0, 2)).toEqual([long, 's']);
    expect(valuesOf(table).at(-1)).toBe(9);
  });
});

describe('a column', () => {
  it('of numbers has NaN where one is missing, and infinity by its names', () => {
    const cells = ['1.5', '', 'NaN', 'NA', '-inf', 'Infinity', ' 7 ', '1e3', '+2', 'null'];
    const table = read(column(cells));
    expect(typeOf(table)).toBe('num');
    expect(valuesOf(table)).toEqual([1.5, NaN, NaN, NaN, -Infinity, Infinity, 7, 1000, 2, NaN]);
  });

  it('of booleans is numbers', () => {
    expect(valuesOf(read(column(['true', 'False', '', 'TRUE'])))).toEqual([1, 0, NaN, 1]);
  });

  it('that turns out to be texts after numbers keeps them as they were written', () => {
    const table = read('id,n,late\n01,1,7\n1.0,2,8\nx7,3,9\n,4,none\n');
    expect(valuesOf(table, 'id')).toEqual(['01', '1.0', 'x7', null]);
    expect(valuesOf(table, 'late')).toEqual(['7', '8', '9', 'none']);
    expect(valuesOf(table, 'n')).toEqual([1, 2, 3, 4]);
  });

  it('of numbers and booleans is categories, whichever come first', () => {
    expect(valuesOf(read(column(['1', 'true', '0'])))).toEqual(['1', 'true', '0']);
    expect(valuesOf(read(column(['true', '1', 'false'])))).toEqual(['true', '1', 'false']);
  });

  it('of texts after missing ones has these missing', () => {
    expect(valuesOf(read(column(['', 'NA', 'member', '', 'casual'])))).toEqual([
      null,
      null,
      'member',
      null,
      'casual',
    ]);
  });

  it('without a value is numbers', () => {
    const table = read(column(['', 'NA']));
    expect([typeOf(table), ...valuesOf(table)]).toEqual(['num', NaN, NaN]);
  });

  it('of numbers named categorical has one category a number, however it is written', () => {
    const table = read(column(['1', '2', '1.0', '', '2e0']), ['x']);
    expect(table.columns.get('x')).toMatchObject({ type: 'cat', categories: [1, 2] });
    expect(valuesOf(table)).toEqual([1, 2, 1, null, 2]);
  });

  it('of texts and numbers named categorical has texts', () => {
    expect(valuesOf(read(column(['1', 'a', '1.0']), ['x']))).toEqual(['1', 'a', '1.0']);
  });

  it('has one category for bytes that are no UTF-8 and read alike', () => {
    const bytes = Buffer.concat([
      Buffer.from('x,y\n'),
      Buffer.from([0xff]),
      Buffer.from(',1\n'),
      Buffer.from([0xfe]),
      Buffer.from(',2\n'),
    ]);
    expect(read(bytes).columns.get('x')).toMatchObject({ categories: ['\uFFFD'] });
  });
});

it.each([
  ['an empty file', '', /table.csv is empty: expected a line of column names/],
  ['blank lines alone', '\n\r\n', /is empty/],
  ['a name that comes twice', 'a,b,a\n1,2,3\n', /the header names "a" twice/],
  ['a record that is too short', 'a,b\n1,2\n\n3\n', /record 3: got 1 fields, the header has 2/],
  ['a record that is too long', 'a,b\n1,2,"3\n4",5\n', /record 2: got 4 fields, the header has 2/],
  ['a quote that is not closed', 'a,b\n1,2\n3,"4\n5,6\n', /record 3: a quote is opened and never closed/],
  ['a quote of the header that is not closed', '"a,b\n1,2\n', /record 1: a quote is opened and never closed/],
  ['text after a closing quote', 'a,b\n1,"2"3\n', /record 2: text after a closing quote: "2"3/],
])('refuses %s', (_, content, why) => {
  expect(() => read(content)).toThrow(
    expect.objectContaining({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(why) as string,
    }) as Error,
  );
});
