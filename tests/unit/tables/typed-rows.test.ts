import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { withDuckDb } from '../../../adapters/duckdb/with-duckdb.ts';
import { tableFile } from '../../../adapters/tables/table-file.ts';
import { readTypedRows } from '../../../adapters/tables/read-typed-rows.ts';
import type { CellKind, TypedCell } from '../../../adapters/tables/typed-rows.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Reads column x by its declaration. */
async function read(file: string, as: CellKind, name = 'x'): Promise<(TypedCell | undefined)[]> {
  const cells: (TypedCell | undefined)[] = [];
  await readTypedRows(tableFile(file), {
    columns: [{ name, as, required: true }],
    rows: ({ rows }) => cells.push(...rows.map(([cell]) => cell)),
  });
  return cells;
}

function csv(cells: readonly string[]): string {
  const file = path.join(temporaryFolder(), 't.csv');
  writeFileSync(file, `x,y\n${cells.map((cell) => `${cell},1\n`).join('')}`);
  return file;
}

async function parquet(sql: string): Promise<string> {
  const file = path.join(temporaryFolder(), 't.parquet');
  await withDuckDb((connection) => connection.run(`COPY (${sql}) TO '${file}' (FORMAT parquet)`));
  return file;
}
const ofType = (type: string, cell: string) => parquet(`SELECT CAST(${cell} AS ${type}) AS x`);
const rejection = (message: RegExp) => ({
  code: 'INVALID_INPUT',
  message: expect.stringMatching(message) as string,
});

describe('a declared column of CSV', () => {
  it.each<[CellKind, string[], TypedCell[]]>([
    ['number', ['1.5', ' -2 ', '1e3', '', 'NA', 'null', '.5'], [1.5, -2, 1000, null, null, null, 0.5]],
    ['whole', ['7', '7.0', '', '-0'], [7, 7, null, -0]],
    ['trace', ['T', '0.1', 'NaN'], [0, 0.1, null]],
    ['text', ['00501', 'NA', '5379.10', 'T'], ['00501', null, '5379.10', 'T']],
    ['time', ['2025-01-31', '2025-01-31T08:00', ''], ['2025-01-31', '2025-01-31T08:00', null]],
  ])('of %s reads %j', async (as, cells, expected) => {
    expect(await read(csv(cells), as)).toEqual(expected);
  });

  it.each<[CellKind, string, string]>([
    ['number', '1_000', 'a number, or an empty cell'],
    ['number', '0x1F', 'a number'],
    ['number', ' 0x1F', 'a number'],
    ['number', '\u00a01', 'a number'],
    ['number', 'inf', 'a number'],
    ['number', '1e400', 'a number'],
    ['number', 'T', 'a number'],
    ['number', 'true', 'a number'],
    ['whole', '8.5', 'a whole number'],
    ['whole', '9007199254740993', 'a whole number'],
    ['trace', 't', 'a number'],
    ['time', '2025-01-31T08:00:00Z', 'a local time without a zone'],
    ['time', '2025-01-31 08:00:00+00', 'a local time without a zone'],
    ['time', '2025-01-31 08:00:00.5-0500', 'a local time without a zone'],
  ])('of %s rejects %j by row and column', async (as, cell, expected) => {
    await expect(read(csv(['', cell]), as)).rejects.toThrow(
      `t.csv, row 2: x: got ${JSON.stringify(cell)}, expected ${expected}`,
    );
  });

  it('counts the faulty cells beyond the first five', async () => {
    await expect(read(csv(Array.from({ length: 9 }, () => 'x')), 'number')).rejects.toMatchObject(
      rejection(/row 1: .*row 5: x: got "x", expected .*; and 4 more$/),
    );
  });

  it('that is missing is named with the existing ones', async () => {
    await expect(read(csv([]), 'text', 'z')).rejects.toMatchObject(
      rejection(/column z is missing; it has "x", "y"/),
    );
  });
});

describe('a declared column of parquet', () => {
  it.each<[CellKind, string, string, TypedCell]>([
    ['number', 'FLOAT', '0.5', 0.5],
    ['number', 'VARCHAR', "' 12 '", 12],
    ['number', 'DECIMAL(38, 20)', "'0.30000000000000004000'", 0.30000000000000004],
    ['number', 'DECIMAL(38, 18)', "'12345678901234567890.123456789012345678'", 12345678901234567000],
    ['whole', 'BIGINT', '7', 7],
    ['whole', 'DOUBLE', "'nan'", null],
    ['trace', 'VARCHAR', "'T'", 0],
    ['text', 'BIGINT', '9007199254740993', '9007199254740993'],
    ['text', 'VARCHAR', "chr(65279) || 'x'", '\uFEFFx'],
    ['text', 'VARCHAR', 'NULL', null],
    ['time', 'DATE', "'2025-01-31'", '2025-01-31'],
    ['time', 'TIMESTAMP_NS', "'2025-03-09 02:30:00'", '2025-03-09T02:30:00'],
    ['time', 'VARCHAR', "'2025-01-31'", '2025-01-31'],
  ])('of %s reads %s %s', async (as, type, cell, expected) => {
    expect(await read(await ofType(type, cell), as)).toEqual([expected]);
  });

  it.each<[CellKind, string, string, RegExp]>([
    [
      'time',
      'TIMESTAMPTZ',
      "'2025-01-31 08:00:00+00'",
      /column x: got the type TIMESTAMP WITH TIME ZONE, expected a date.*tz_convert/,
    ],
    ['time', 'BIGINT', '20250131', /column x: got the type BIGINT, expected a date/],
    ['number', 'DATE', "'2025-01-31'", /column x: got the type DATE, expected numbers/],
    ['number', 'BLOB', "'x'", /column x: got the type BLOB, expected numbers/],
    ['number', 'DOUBLE', "'inf'", /row 1: x: got Infinity, expected a number/],
    ['whole', 'DOUBLE', '8.5', /row 1: x: got 8\.5, expected a whole number/],
    ['whole', 'BIGINT', '9007199254740993', /row 1: x: got 9007199254740992, expected a whole number/],
  ])('of %s rejects %s %s', async (as, type, cell, message) => {
    await expect(read(await ofType(type, cell), as)).rejects.toMatchObject(rejection(message));
  });
});
