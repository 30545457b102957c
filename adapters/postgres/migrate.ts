/** Migrates the `monitoring` database to the newest file of `migrations/`, forward only, each file in a transaction. */
import path from 'node:path';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { applyGrants } from './grants.ts';

const MIGRATIONS_DIR = path.join(import.meta.dirname, '..', '..', 'migrations');

/**
 * Migrates, then grants each role its rights on the current tables. Several processes may run it at once: an
 * advisory lock makes the others wait for the first.
 * @param ownerUrl address of the database as the role that owns its tables.
 * @returns names of the migrations that were applied now.
 * @throws CitibikeError UPSTREAM_UNAVAILABLE if Postgres is unreachable, UPSTREAM_REFUSED if a
 *   statement is rejected.
 */
export async function migrate(ownerUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 5_000 });
  // Without a listener, a connection that breaks between statements would end the process. The next statement
  // fails anyway.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const applied = await runner({
      dbClient: client,
      dir: MIGRATIONS_DIR,
      migrationsTable: 'schema_migrations',
      direction: 'up',
      advisoryLockMode: 'wait',
      log: () => undefined,
    });
    await applyGrants(client);
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
  } finally {
    await client.end().catch(() => undefined);
  }
}
