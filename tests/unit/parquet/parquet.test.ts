import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withDuckDb } from '../../../adapters/duckdb/with-duckdb.ts';
import { writeMonthFile } from '../../../adapters/parquet/month-file.ts';
import { ParquetWriter } from '../../../adapters/parquet/writer.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'parquet-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Reads with DuckDB, as an independent reader. */
async function duckDb(sql: string): Promise<unknown[][]> {
  return withDuckDb(async (connection) => (await connection.runAndReadAll(sql)).getRowsJS() as unknown[][]);
}

describe('a written file', () => {
  const file = () => path.join(dir, 'a.parquet');

  it('has values, nulls and types as DuckDB reads them, over several row groups', async () => {
    const writer = new ParquetWriter(file(), [
      { name: 'd', type: 'date' },
      { name: 'i', type: 'int32' },
      { name: 'l', type: 'int64', optional: true },
      { name: 'x', type: 'double', optional: true },
      { name: 't', type: 'text' },
      { name: 'u', type: 'uint64' },
    ]);
    for (const base of [0, 2]) {
      writer.writeRowGroup(2, [
        { kind: 'plain', values: [base, base + 1] },
        { kind: 'dictionary', dictionary: [7, -3], indices: Uint32Array.of(1, 0) },
        { kind: 'plain', values: [null, 2 ** 40] },
        { kind: 'plain', values: [0.1, null] },
        { kind: 'dictionary', dictionary: ['Café', 'JC072'], indices: Uint32Array.of(0, 1) },
        { kind: 'plain', values: BigUint64Array.of(0xffff_ffff_ffff_ffffn, 1n) },
      ]);
    }
    writer.close();
    expect(await duckDb(`SELECT d::VARCHAR, i, l, x, t, u FROM read_parquet('${file()}')`)).toEqual([
      ['1970-01-01', -3, null, 0.1, 'Café', 0xffff_ffff_ffff_ffffn],
      ['1970-01-02', 7, 2n ** 40n, null, 'JC072', 1n],
      ['1970-01-03', -3, null, 0.1, 'Café', 0xffff_ffff_ffff_ffffn],
      ['1970-01-04', 7, 2n ** 40n, null, 'JC072', 1n],
    ]);
    const types = await duckDb(`DESCRIBE SELECT * FROM read_parquet('${file()}')`);
    expect(types.map(([, type]) => type)).toEqual([
      'DATE',
      'INTEGER',
      'BIGINT',
      'DOUBLE',
      'VARCHAR',
      'UBIGINT',
    ]);
  });

  it('returns dictionary indices of any width, as DuckDB reads them', async () => {
    const runs = fc.array(fc.tuple(fc.nat({ max: 2 ** 17 - 1 }), fc.integer({ min: 1, max: 40 })), {
      minLength: 1,
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(runs, fc.integer({ min: 1, max: 17 }), async (list, bits) => {
        const dictionary = Array.from({ length: 2 ** bits }, (_, i) => i * 3);
        const indices = Uint32Array.from(
          list.flatMap(([value, count]) => Array<number>(count).fill(value % 2 ** bits)),
        );
        const writer = new ParquetWriter(file(), [{ name: 'i', type: 'int32' }]);
        writer.writeRowGroup(indices.length, [{ kind: 'dictionary', dictionary, indices }]);
        writer.close();
        expect(await duckDb(`SELECT i FROM read_parquet('${file()}')`)).toEqual(
          Array.from(indices, (index) => [dictionary[index]]),
        );
      }),
      { numRuns: 30 },
    );
  });
});

describe('a month file', () => {
  const row = { date: '2024-02-29', hour: 23, trips: 5, holiday: 0 };
  const kinds = { member: 3, casual: 2, electric: null, classic: null, mean_minutes: 7.25 };

  it('has the columns, types and nulls of the contract', async () => {
    const file = path.join(dir, 'm.parquet');
    writeMonthFile(file, [{ ...row, ...kinds }]);
    expect(await duckDb(`SELECT date::VARCHAR, * EXCLUDE date FROM read_parquet('${file}')`)).toEqual([
      ['2024-02-29', 23, 5n, 0n, 3n, 2n, null, null, 7.25],
    ]);
    expect(await duckDb(`DESCRIBE SELECT * FROM read_parquet('${file}')`)).toEqual(
      [
        ['date', 'DATE'],
        ['hour', 'INTEGER'],
        ['trips', 'BIGINT'],
        ['holiday', 'BIGINT'],
        ['member', 'BIGINT'],
        ['casual', 'BIGINT'],
        ['electric', 'BIGINT'],
        ['classic', 'BIGINT'],
        ['mean_minutes', 'DOUBLE'],
      ].map((column) => [...column, 'YES', null, null, null]),
    );
  });

  it('has the same bytes for the same rows', () => {
    const files = ['a', 'b'].map((name) => path.join(dir, name));
    for (const file of files) writeMonthFile(file, [{ ...row, ...kinds }]);
    expect(readFileSync(files[0]!).equals(readFileSync(files[1]!))).toBe(true);
  });
});
