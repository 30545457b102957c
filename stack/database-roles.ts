/** Creates the roles of the embedded Postgres at every start. The superuser is used for nothing else. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type pg from 'pg';
import { createDatabases, runWithSettings } from '../adapters/postgres/administration.ts';
import { OWNER_ROLE } from '../adapters/postgres/grants.ts';
import { PROJECT_DIR } from '../settings.ts';
import type { Credentials } from './environment.ts';

type Database = 'monitoring' | 'mlflow';
const DATABASES: readonly Database[] = ['monitoring', 'mlflow'];

export const SUPERUSER = 'postgres';
export const MLFLOW_OWNER = 'mlflow_server';

/** Is the folder of the SQL files, which docker compose also uses. */
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
    await createDatabases(client, DATABASES);
  });
  await asSuperuser('monitoring', async (client) => {
    await runWithSettings(client, sqlOf('database-owner'), {
      owner: OWNER_ROLE,
      owner_password: credentials.ownerPassword,
    });
    await runWithSettings(client, sqlOf('monitoring-roles'), {
      app_password: credentials.applicationPassword,
      reader_password: credentials.readerPassword,
    });
  });
  await asSuperuser('mlflow', async (client) => {
    await runWithSettings(client, sqlOf('database-owner'), {
      owner: MLFLOW_OWNER,
      owner_password: credentials.mlflowDatabasePassword,
    });
  });
}
