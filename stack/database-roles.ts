/** Creates the roles of the embedded Postgres at every start. The superuser is used for nothing else. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type pg from 'pg';
import { OWNER_ROLE } from '../adapters/postgres/grants.ts';
import { PROJECT_DIR } from '../settings.ts';
import type { Credentials } from './environment.ts';

export type Database = 'monitoring' | 'mlflow';
const DATABASES: readonly Database[] = ['monitoring', 'mlflow'];

export const SUPERUSER = 'postgres';
export const MLFLOW_OWNER = 'mlflow_server';

/** Folder of the SQL files, which docker compose also uses. */
const sqlOf = (name: string): string =>
  readFileSync(path.join(PROJECT_DIR, 'deploy', 'postgres', `${name}.sql`), 'utf8');

/** Runs a function as the superuser on a database. */
export type AsSuperuser = <T>(
  database: Database | 'postgres',
  work: (client: pg.Client) => Promise<T>,
) => Promise<T>;

/**
 * Creates or repairs databases and roles. Objects that the superuser owns are transferred to the owner of
 * their database.
 */
export async function provisionRoles(asSuperuser: AsSuperuser, credentials: Credentials): Promise<void> {
  await asSuperuser('postgres', async (client) => {
    const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database');
    const known = new Set(rows.map((row) => row.datname));
    for (const name of DATABASES) if (!known.has(name)) await client.query(`CREATE DATABASE ${name}`);
  });
  await asSuperuser('monitoring', async (client) => {
    await runFile(client, 'database-owner', {
      owner: OWNER_ROLE,
      owner_password: credentials.ownerPassword,
    });
    await runFile(client, 'monitoring-roles', {
      app_password: credentials.applicationPassword,
      reader_password: credentials.readerPassword,
    });
  });
  await asSuperuser('mlflow', async (client) => {
    await runFile(client, 'database-owner', {
      owner: MLFLOW_OWNER,
      owner_password: credentials.mlflowDatabasePassword,
    });
  });
}

/** Runs in one transaction. Passwords are passed as parameters, which Postgres does not log. */
async function runFile(
  client: pg.Client,
  name: string,
  session: Readonly<Record<string, string>>,
): Promise<void> {
  await client.query('BEGIN');
  try {
    for (const [setting, value] of Object.entries(session))
      await client.query('SELECT set_config($1, $2, true)', [`citibike.${setting}`, value]);
    await client.query(sqlOf(name));
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
