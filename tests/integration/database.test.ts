/** Tests the pool when its connections break. */
import { afterAll, expect, test } from 'vitest';
import { Database } from '../../adapters/postgres/database.ts';
import { loadSettings } from '../../settings.ts';

const { databaseUrl } = loadSettings();
const [database, other] = [new Database(databaseUrl), new Database(databaseUrl)];

afterAll(async () => {
  await database.close();
  await other.close();
});

test('a connection that ends within a transaction is a retryable error, and the next one works', async () => {
  const broken = database.transaction(async (query) => {
    const [backend] = await query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await other.query('SELECT pg_terminate_backend($1)', [backend!.pid]);
    // The error arrives while no statement runs.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await query('SELECT 1');
  });
  await expect(broken).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('dates, and bigints beyond a number, keep their exact values, alone and in arrays', async () => {
  const zone = process.env['TZ'];
  process.env['TZ'] = 'Asia/Tokyo';
  try {
    const sql = `SELECT date '2024-02-29' AS day, array[date '2024-02-29'] AS days, array[timestamp '2024-02-29 00:30'] AS times,
      9007199254740993 AS large, 7::bigint AS small, array[[9007199254740993, 7], [null, -7]] AS numbers`;
    expect(await database.query(sql)).toEqual([
      {
        day: '2024-02-29',
        days: ['2024-02-29'],
        times: ['2024-02-29 00:30:00'],
        large: '9007199254740993',
        small: 7,
        numbers: [
          ['9007199254740993', 7],
          [null, -7],
        ],
      },
    ]);
  } finally {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  }
});
