/** Brings the `monitoring` database to the newest numbered file of `migrations/`: forward only, each in a transaction. */
import path from 'node:path';
import { runner } from 'node-pg-migrate';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';

const MIGRATIONS_DIR = path.join(import.meta.dirname, '..', '..', 'migrations');

/**
 * Safe to run by several processes at once: an advisory lock makes the others wait for the first.
 * @returns names of the migrations that were applied now.
 * @throws CitibikeError UPSTREAM_UNAVAILABLE when Postgres cannot be reached, UPSTREAM_REFUSED when a
 *   statement is rejected.
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  try {
    const applied = await runner({
      databaseUrl: { connectionString: databaseUrl, connectionTimeoutMillis: 5_000 },
      dir: MIGRATIONS_DIR,
      migrationsTable: 'schema_migrations',
      direction: 'up',
      advisoryLockMode: 'wait',
      log: () => undefined,
    });
    return applied.map(({ name }) => name);
  } catch (error) {
    const sqlState = (error as { code?: unknown }).code;
    const refused = typeof sqlState === 'string' && /^(?!08|53|57|40)[0-9A-Z]{5}$/.test(sqlState);
    throw new CitibikeError(
      refused ? 'UPSTREAM_REFUSED' : 'UPSTREAM_UNAVAILABLE',
      `Postgres: the migrations of ${MIGRATIONS_DIR} could not be applied: ${messageOf(error)}`,
      {},
      { cause: error },
    );
  }
}
