import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { annotateFile } from '../../../adapters/tables/annotate-file.ts';
import { columnNames } from '../../../adapters/tables/column-names.ts';
import { CodedColumn } from '../../../adapters/tables/coded-column.ts';
import type { ReadOptions } from '../../../adapters/tables/column-table.ts';
import { readTable } from '../../../adapters/tables/read-table.ts';
import { tableFile } from '../../../adapters/tables/table-file.ts';
import { readTextTable } from '../../../adapters/tables/text-rows.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Is the length of more than a chunk. */
const LONG = 1 << 19;

function write(content: Uint8Array | string, name = 't.csv'): string {
  const file = path.join(temporaryFolder(), name);
  writeFileSync(file, content);
  return file;
}

async function read(file: string, options: ReadOptions = {}) {
  const { rows, columns, leftOut } = await readTable(file, options);
  const values = [...columns].map(([name, column]) => [
    name,
    column instanceof CodedColumn ? [...column.values] : [...column.values],
  ]);
  return { rows, columns: Object.fromEntries(values) as Record<string, unknown>, leftOut };
}

describe.each([0, Infinity])('a file that is read without a parser from %s bytes', (plainBytes) => {
  it.each([
    ['blank lines before the header', '\n\n\uFEFFa,b\n1,2\n', { '\uFEFFa': [1], b: [2] }],
    ['a byte order mark and blank lines', '\uFEFF\na,b\n\n1,2\n\n', { a: [1], b: [2] }],
    ['a line without end', 'a,b\n1,2\n3,x', { a: [1, 3], b: ['2', 'x'] }],
    ['a header alone', 'a,b\n', { a: [], b: [] }],
    ['a header alone, without end', 'a,b', { a: [], b: [] }],
    [
      'underscores and radix digits',
      'a,b\n1_000,0x1F\n2_000, 0x1f\n',
      { a: ['1_000', '2_000'], b: ['0x1F', ' 0x1f'] },
    ],
    [
      'numbers in many spellings',
      'a,b\n1e400,-0\n.5,7.\n+5, 12 \n',
      { a: [Infinity, 0.5, 5], b: [-0, 7, 12] },
    ],
    [
      'blanks that are not ASCII around numbers',
      'a,b\n\u00a01,2\n\u00a0inf,3\n',
      { a: ['\u00a01', '\u00a0inf'], b: [2, 3] },
    ],
    ['an empty last cell', 'a,b\n1,\n2,\n', { a: [1, 2], b: [NaN, NaN] }],
    [
      'blanks and byte order marks in cells',
      'a,b\n x,\uFEFF\nx ,y\uFEFF\n',
      { a: [' x', 'x '], b: ['\uFEFF', 'y\uFEFF'] },
    ],
  ])('may have %s', async (_, content, columns) => {
    expect((await read(write(content), { plainBytes })).columns).toEqual(columns);
  });

  it.each(['', 'Unnamed: 0', '__index_level_0__'])(
    'may have an index column "%s", which is omitted',
    async (name) => {
      expect(await read(write(`${name},b\n0,2\n`), { plainBytes })).toEqual({
        rows: 1,
        columns: { b: [2] },
        leftOut: [{ name, reason: 'an index that pandas wrote' }],
      });
    },
  );

  it('may have a header longer than a chunk', async () => {
    const names = Array.from({ length: 30_000 }, (_, i) => `a long column name ${i}`);
    const file = write(`${names.join(',')}\n${names.map((_, i) => i).join(',')}\n`);
    expect((await readTable(file, { plainBytes })).columns.get(names.at(-1)!)?.values).toEqual(
      Float64Array.of(29_999),
    );
    expect(await columnNames(tableFile(file))).toEqual(names);
  });

  it('may have a cell longer than a chunk', async () => {
    const { columns } = await read(write(`a,b\n1,${'é'.repeat(LONG)}\n2,c\n`), { plainBytes });
    expect(columns).toEqual({ a: [1, 2], b: ['é'.repeat(LONG), 'c'] });
  });
});

describe('a file of one column', () => {
  it.each([
    ['blank lines between are missing values', 'x\n1\n\n3\n\n', ['1', '', '3']],
    ['empty quotes are missing values, also at the end', 'x\r\n1\r\n""\r\n3\r\n""\r\n', ['1', '', '3', '']],
    ['cells may hold quotes and lines', '"x"\n"""a"""\n"b\n"\n""\n\n', ['"a"', 'b\n', '']],
  ])('%s', async (_, content, cells) => {
    const { rows } = await readTextTable(tableFile(write(content)));
    expect(rows.map((row) => row.cells[0])).toEqual(cells);
  });
});

describe('the delimiter', () => {
  it.each([
    ['stands after blank lines', '\n\na;b\n1;2\n', ['a', 'b']],
    ['stands after a quoted name of two lines', '"a,\n,";b\n1;2\n', ['a,\n,', 'b']],
    ['is a bar', 'a,x|b|c\n1|2|3\n', ['a,x', 'b', 'c']],
  ])('%s', async (_, content, names) => {
    expect(await columnNames(tableFile(write(content)))).toEqual(names);
  });
});

it('reads quotes correctly for any chunk borders of a small file', async () => {
  // The chunk border is at another byte of a row every time.
  for (let shift = 0; shift < 18; shift++) {
    const rows = Array.from({ length: 20_000 }, (_, i) => `"${i}","aaa""a"\r\n`);
    const file = write(`"id","${'t'.repeat(shift + 1)}"\r\n${rows.join('')}`);
    const table = await readTable(file);
    expect([table.rows, table.columns.get('t'.repeat(shift + 1))]).toMatchObject([
      20_000,
      { categories: ['aaa"a'] },
    ]);
  }
});

it('copies a file longer than a chunk cell by cell', async () => {
  const cells = Array.from({ length: 20_000 }, (_, i) => [
    `0${i}.10`,
    `line ${i}\r\nof "two", ${'é'.repeat(i % 7)} `,
  ]);
  const quoted = cells.map((row) => `${row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(';')}\n`);
  const file = write(gzipSync(`id;text\n${quoted.join('')}`), 't.csv.gz');
  const output = path.join(path.dirname(file), 'out.csv');
  const annotation = {
    reads: [],
    adds: [{ name: 'n', as: 'number' as const }],
    annotate: (rows: readonly unknown[], first: number) => rows.map((_, i) => [first + i]),
  };
  expect(await annotateFile(file, output, annotation)).toBe(cells.length);
  const { rows } = await readTextTable(tableFile(output));
  expect(rows.map((row) => row.cells)).toEqual(cells.map((row, i) => [...row, String(i + 1)]));
  const before = readFileSync(output);
  await expect(
    annotateFile(file, output, { ...annotation, adds: [{ name: 'Text', as: 'text' }] }),
  ).rejects.toThrow(/it has a column Text already/);
  expect(readFileSync(output).equals(before)).toBe(true);
});
