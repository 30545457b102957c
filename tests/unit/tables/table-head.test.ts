import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { sqlPath, withDuckDb } from '../../../adapters/duckdb/with-duckdb.ts';
import { csvHead } from '../../../adapters/tables/csv-head.ts';
import { parquetHead } from '../../../adapters/tables/parquet-head.ts';
import type { RangedFile } from '../../../adapters/tables/table-head.ts';

/** Counts the bytes that were read of a file in memory. */
function ranged(bytes: Uint8Array): RangedFile & { read: number } {
  const file = {
    bytes: bytes.length,
    read: 0,
    range: (from: number, to: number) => {
      file.read += to - from;
      return Promise.resolve(bytes.subarray(from, to));
    },
  };
  return file;
}

async function parquetOf(select: string): Promise<Uint8Array> {
  const folder = mkdtempSync(path.join(tmpdir(), 'citibike-table-head-'));
  try {
    const file = path.join(folder, 'table.parquet');
    await withDuckDb((connection) =>
      connection.run(`COPY (${select}) TO ${sqlPath(file)} (FORMAT parquet, COMPRESSION zstd)`),
    );
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

it('reads a small parquet file as a whole, with mean and different values', async () => {
  const bytes = await parquetOf(
    `SELECT i AS "a b", 'x' || (i % 3) AS name, CASE WHEN i > 1 THEN i END AS some FROM range(10) t(i)`,
  );
  const { columns, rows, head, statistics } = await parquetHead(ranged(bytes));
  expect({ rows, statistics }).toEqual({ rows: 10, statistics: 'every row' });
  expect(columns.map(({ name, min, max, nulls, mean }) => [name, min, max, nulls, mean])).toEqual([
    ['a b', '0', '9', 0, 4.5],
    ['name', 'x0', 'x2', 0, null],
    ['some', '2', '9', 2, 5.5],
  ]);
  expect(head!.slice(0, 2)).toEqual([
    ['0', 'x0', null],
    ['1', 'x1', null],
  ]);
});

it('reads a large parquet file by its footer and the beginning of its columns', async () => {
  const bytes = await parquetOf(
    `SELECT i, hash(i) AS noise, hash(i + 1) AS more, CASE WHEN i % 4 > 0 THEN i - 250000 END AS some FROM range(500000) t(i)`,
  );
  expect(bytes.length).toBeGreaterThan(6_000_000);
  const file = ranged(bytes);
  const { columns, rows, head } = await parquetHead(file);
  expect(file.read).toBeLessThan(bytes.length / 2);
  expect(rows).toBe(500_000);
  expect(columns.find(({ name }) => name === 'some')).toMatchObject({
    min: '-249999',
    max: '249999',
    nulls: 125_000,
  });
  expect(head).toHaveLength(50);
  expect(head![49]![0]).toBe('49');
});

it('does not read all rows of a small file that repeats one value', async () => {
  const bytes = await parquetOf('SELECT 1 AS one FROM range(3000000)');
  expect(bytes.length).toBeLessThan(100_000);
  const { columns, rows, head } = await parquetHead(ranged(bytes));
  expect(rows).toBe(3_000_000);
  expect(columns[0]).toMatchObject({ min: '1', max: '1', mean: null });
  expect(head).toHaveLength(50);
});

it('reads the beginning of a large CSV, up to its last whole line', async () => {
  const lines = Array.from({ length: 100_000 }, (_, i) => `${i},"station, ${i % 7}"`);
  const file = ranged(Buffer.from(['id,name', ...lines, ''].join('\n')));
  const { columns, rows, head, statistics } = await csvHead(file);
  expect(file.read).toBe(2 ** 20);
  expect({ rows, statistics }).toEqual({ rows: null, statistics: 'first rows' });
  expect(columns.map(({ name, type }) => [name, type])).toEqual([
    ['id', 'integer'],
    ['name', 'text'],
  ]);
  expect(head![1]).toEqual(['1', 'station, 1']);
});

it.each([
  ['an empty file', 0],
  ['nine bytes', 9],
  ['five megabytes', 5_000_000],
])('rejects %s that is no parquet', async (_, bytes) => {
  await expect(parquetHead(ranged(new Uint8Array(bytes)))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
});
