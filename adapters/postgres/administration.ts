/** Runs statements that require an administrator of the server. */
import type pg from 'pg';

/** Creates the databases that do not exist. @param names our own, never a caller's: they are not escaped. */
export async function createDatabases(client: pg.ClientBase, names: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>('SELECT datname AS name FROM pg_database');
  const known = new Set(rows.map(({ name }) => name));
  for (const name of names) if (!known.has(name)) await client.query(`CREATE DATABASE ${name}`);
}

/**
 * Runs statements in one transaction, with values that they read as settings `citibike.NAME`. Passwords are
 * passed as parameters, which Postgres does not log.
 */
export async function runWithSettings(
  client: pg.ClientBase,
  statements: string,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  await client.query('BEGIN');
  try {
    for (const [name, value] of Object.entries(settings))
      await client.query('SELECT set_config($1, $2, true)', [`citibike.${name}`, value]);
    await client.query(statements);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
