import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { withDuckDb } from '../../../adapters/duckdb/with-duckdb.ts';
import { readTable } from '../../../adapters/tables/read-table.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Writes a parquet file with the rows of a query. */
async function parquet(query: string): Promise<string> {
  const file = path.join(temporaryFolder(), "month's.parquet");
  const literal = file.replaceAll("'", "''");
  await withDuckDb((connection) => connection.run(`COPY (${query}) TO '${literal}' (FORMAT parquet)`));
  return file;
}

/** Returns the values of column x. */
async function valuesOf(query: string, categorical: readonly string[] = []) {
  const { columns } = await readTable(await parquet(query), { categorical, times: ['x'] });
  const { type, values } = columns.get('x')!;
  return [type, ...values];
}

/** Returns a query for rows of a column x in this order, given as SQL literals. */
const rows = (type: string, ...literals: string[]) =>
  `SELECT x FROM (VALUES ${literals.map((literal, i) => `(${i}, CAST(${literal} AS ${type}))`).join(', ')}) t(i, x) ORDER BY i`;

describe('a column of numbers', () => {
  it.each([
    ['TINYINT', ['-128', 'NULL', '127'], [-128, NaN, 127]],
    ['SMALLINT', ['-32768', 'NULL', '32767'], [-32768, NaN, 32767]],
    ['INTEGER', ['-2147483648', 'NULL', '2147483647'], [-2147483648, NaN, 2147483647]],
    ['UTINYINT', ['255', 'NULL'], [255, NaN]],
    ['USMALLINT', ['65535', 'NULL'], [65535, NaN]],
    ['UINTEGER', ['4294967295', 'NULL'], [4294967295, NaN]],
    ['FLOAT', ['0.5', 'NULL', "'nan'", "'-inf'", '0.1'], [0.5, NaN, NaN, -Infinity, 0.10000000149011612]],
    ['DECIMAL(4, 1)', ['-999.9', 'NULL', '0.1'], [-999.9, NaN, 0.1]],
    ['DECIMAL(18, 2)', ['123456789012345.25', 'NULL'], [123456789012345.25, NaN]],
    ['BOOLEAN', ['true', 'NULL', 'false'], [1, NaN, 0]],
  ])('of type %s becomes doubles, with NaN for missing values', async (type, literals, expected) => {
    expect(await valuesOf(rows(type, ...literals))).toEqual(['num', ...expected]);
  });

  it('keeps doubles to the last bit, NaN, infinities and the sign of zero', async () => {
    const literals = ['0.30000000000000004', 'NULL', "'nan'", "'inf'", "'-inf'", "'-0.0'", '5e-324'];
    const expected = [0.30000000000000004, NaN, NaN, Infinity, -Infinity, -0, 5e-324];
    expect(await valuesOf(rows('DOUBLE', ...literals))).toEqual(['num', ...expected]);
  });

  it('rounds whole numbers beyond 2^53 to the nearest double', async () => {
    // 2^53 + 3 is halfway between two doubles, of which the even one is 2^53 + 4.
    const literals = ['9007199254740995', '-9223372036854775808', 'NULL', '9223372036854775807'];
    const expected = [9007199254740996, -(2 ** 63), NaN, 2 ** 63];
    expect(await valuesOf(rows('BIGINT', ...literals))).toEqual(['num', ...expected]);
    expect(await valuesOf(rows('UBIGINT', '18446744073709551615'))).toEqual(['num', 2 ** 64]);
  });

  it('without a value is NaN throughout', async () => {
    expect(await valuesOf(rows('DOUBLE', 'NULL', 'NULL'))).toEqual(['num', NaN, NaN]);
  });

  it('that is named categorical keeps its numbers, and NaN is missing', async () => {
    const doubles = rows('DOUBLE', '2.5', 'NULL', "'nan'", '-1e300', '2.5', "'inf'", '0.1');
    expect(await valuesOf(doubles, ['x'])).toEqual(['cat', 2.5, null, null, -1e300, 2.5, Infinity, 0.1]);
    expect(await valuesOf(rows('BOOLEAN', 'true', 'NULL', 'false'), ['x'])).toEqual(['cat', 1, null, 0]);
    expect(await valuesOf(rows('BIGINT', '7', '7', '12'), ['x'])).toEqual(['cat', 7, 7, 12]);
    // One double represents both.
    const ids = ['1817822909864556350', '1817822909864556351'];
    expect(await valuesOf(rows('BIGINT', ...ids), ['x'])).toEqual(['cat', ...ids]);
  });
});

it('rejects decimals that are wider than DuckDB reads', async () => {
  const file = path.join(import.meta.dirname, 'fixtures', 'wide-decimal.parquet');
  await expect(readTable(file)).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringMatching(
      /wide-decimal\.parquet, column trips: got the type DECIMAL of 50 digits, expected at most 38/,
    ) as string,
  });
});

it('has one category for a zero of either sign', async () => {
  const file = await parquet(rows('DOUBLE', '0', "'-0.0'", '3'));
  const { columns } = await readTable(file, { categorical: ['x'] });
  expect(columns.get('x')).toMatchObject({ codes: Int32Array.of(0, 0, 1), categories: [0, 3] });
});

describe('a column of anything else', () => {
  it.each([
    ['DATE', ["'2025-01-31'", 'NULL', "'1969-12-31'"], ['2025-01-31', null, '1969-12-31']],
    [
      'TIMESTAMP',
      ["'2025-01-31 08:05:00'", 'NULL', "'2025-01-31 08:05:00.25'"],
      ['2025-01-31T08:05:00', null, '2025-01-31T08:05:00.25'],
    ],
    ['TIMESTAMP_NS', ["'2025-01-31 08:05:00.000000001'"], ['2025-01-31T08:05:00.000000001']],
    ['TIME', ["'08:05:00'", 'NULL'], ['08:05:00', null]],
    ['UUID', ["'6F9619FF-8B86-D011-B42D-00C04FC964FF'"], ['6f9619ff-8b86-d011-b42d-00c04fc964ff']],
    ['VARCHAR[]', ["['a', 'b']", 'NULL'], ['[a, b]', null]],
    ['BLOB', ["'\\xAA\\x41'"], ['\\xAAA']],
    ["ENUM ('up', 'down')", ["'down'", 'NULL', "'up'"], ['down', null, 'up']],
  ])('of type %s becomes texts', async (type, literals, expected) => {
    expect(await valuesOf(rows(type, ...literals))).toEqual(['cat', ...expected]);
  });

  it('keeps short and long texts, and distinguishes the empty one from null', async () => {
    const long = 'Grove St PATH, at the corner 🚲';
    const texts = ['member', '', 'é', 'NA', 'NULL', 'C:\\xFF\\new', long, 'member', '\uFFFD', '12 letters..'];
    const literals = [...texts.map((text) => `'${text}'`), 'NULL'];
    expect(await valuesOf(rows('VARCHAR', ...literals))).toEqual(['cat', ...texts, null]);
  });
});

it('reads columns by their names and order, over many chunks and row groups', async () => {
  const size = 300_000;
  const table = await readTable(
    await parquet(
      `SELECT CASE WHEN i % 3 > 0 THEN i / 8 END AS "a ""b""", 'S' || (i % 700) AS s FROM range(${size}) t(i)`,
    ),
  );
  expect([table.rows, [...table.columns.keys()]]).toEqual([size, ['a "b"', 's']]);
  const [numbers, texts] = [...table.columns.values()].map(({ values }) => values);
  const wrong = Array.from({ length: size }, (_, i) => i).findIndex(
    (i) => !Object.is(numbers![i], i % 3 > 0 ? i / 8 : NaN) || texts![i] !== `S${i % 700}`,
  );
  expect(wrong).toBe(-1);
});

it('reads a file without rows', async () => {
  const { rows: count, columns } = await readTable(await parquet("SELECT 1.5 AS x, 'a' AS s WHERE false"));
  expect([count, columns.get('x')?.values.length, columns.get('s')?.values.length]).toEqual([0, 0, 0]);
});

it('rejects a file that is not parquet by its name', async () => {
  const file = path.join(temporaryFolder(), 'broken.parquet');
  writeFileSync(file, 'x,y\n1,2\n');
  await expect(readTable(file)).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringMatching(/broken\.parquet/) as string,
  });
});
