/** The pool against connections that break under it. */
import { afterAll, expect, test } from 'vitest';
import { Database } from '../../adapters/postgres/database.ts';
import { loadSettings } from '../../settings.ts';

const { databaseUrl } = loadSettings();
const [database, other] = [new Database(databaseUrl), new Database(databaseUrl)];

afterAll(async () => {
  await database.close();
  await other.close();
});

test('a connection that ends between the statements of a transaction is a fault that passes, and the next has one that works', async () => {
  const broken = database.transaction(async (query) => {
    const [backend] = await query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await other.query('SELECT pg_terminate_backend($1)', [backend!.pid]);
    // The fault arrives while no statement is under way.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await query('SELECT 1');
  });
  await expect(broken).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
});
