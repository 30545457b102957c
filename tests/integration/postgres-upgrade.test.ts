/**
 * Starts an instance of an earlier version, in which the superuser owned everything, and checks that it gets
 * roles and keeps its rows.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrate } from '../../adapters/postgres/migrate.ts';
import { loadSettings, PROJECT_DIR } from '../../settings.ts';
import {
  credentialsOf,
  databaseUrl,
  stackEnvironment,
  type StackEnvironment,
} from '../../stack/environment.ts';
import { writeJson } from '../../stack/json-file.ts';
import { layoutOf } from '../../stack/stack-layout.ts';
import type { Service } from '../../stack/service.ts';
import { postgresService } from '../../stack/services/postgres.ts';
import { outsideFolder, postgresHome } from '../../stack/postgres-home.ts';
import { keepFilesPrivate } from '../../stack/private-files.ts';
import { SupervisedService } from '../../stack/supervised-service.ts';
import { freePort } from '../fixtures/own-service.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'citibike-upgrade-'));
// The parent folder is closed to Postgres' account, so root's data goes to /var/tmp; the umask is the
// supervisor's.
const settings = loadSettings({
  STACK_DIR: path.join(folder, 'stack'),
  POSTGRES_PORT: String(await freePort()),
});
const layout = layoutOf(settings);
keepFilesPrivate();
const EARLIER = { postgresPassword: 'earlier', s3AccessKeyId: 'id', s3SecretAccessKey: 'key' };

let server: SupervisedService;
let urls: StackEnvironment;
const log = () => readFileSync(path.join(layout.logs, 'postgres.log'), 'utf8');

async function start(change: Partial<Service> = {}): Promise<void> {
  const credentials = credentialsOf(layout);
  urls = stackEnvironment(settings, credentials);
  const software = { temporal: '', versitygw: '', mlflow: '' };
  const service = { ...postgresService({ settings, layout, software, credentials }), ...change };
  const hooks = {
    logs: layout.logs,
    provision: async () => undefined,
    changed: () => undefined,
    log: () => undefined,
  };
  server = new SupervisedService(service, hooks);
  await server.start();
}

async function query<T extends pg.QueryResultRow>(url: string, ...statements: string[]): Promise<T[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 20_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    let rows: T[] = [];
    for (const statement of statements) ({ rows } = await client.query<T>(statement));
    return rows;
  } finally {
    await client.end();
  }
}

const asSuperuser = (database: string) =>
  databaseUrl(settings, 'postgres', EARLIER.postgresPassword, database);

/** Creates the database as the earlier version left it. */
beforeAll(async () => {
  mkdirSync(layout.logs, { recursive: true });
  writeJson(layout.credentials, EARLIER);
  await start({ settle: async () => undefined });
  await query(asSuperuser('postgres'), 'CREATE DATABASE monitoring', 'CREATE DATABASE mlflow');
  await runner({
    databaseUrl: asSuperuser('monitoring'),
    dir: path.join(PROJECT_DIR, 'migrations'),
    migrationsTable: 'schema_migrations',
    direction: 'up',
    log: () => undefined,
  });
  await query(
    asSuperuser('monitoring'),
    `INSERT INTO actual_hours (system, hour, trips) VALUES ('kept', '2025-01-01', 42)`,
    `INSERT INTO console_tokens (name, sha256) VALUES ('operator', 'digest')`,
    `CREATE TABLE notes (id serial PRIMARY KEY, text text)`,
    `INSERT INTO notes (text) VALUES ('a table of their own')`,
    // Login of the dashboards in the earlier version.
    `CREATE ROLE grafana_reader LOGIN PASSWORD 'grafana' IN ROLE citibike_reader`,
  );
  await query(
    asSuperuser('mlflow'),
    `CREATE TYPE stage AS ENUM ('active', 'deleted')`,
    `CREATE TABLE experiments (id serial PRIMARY KEY, stage stage)`,
    `INSERT INTO experiments (stage) VALUES ('active')`,
  );
  await server.stop();
  // Simulates a database that somebody opened to every account of the machine.
  writeFileSync(path.join(dataFolder(), 'pg_hba.conf'), 'host all all 127.0.0.1/32 trust\n');
  await start();
  await migrate(urls.DATABASE_OWNER_URL);
});

afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
  rmSync(outsideFolder(layout), { recursive: true, force: true });
});

const dataFolder = () => postgresHome(layout).data;

it('keeps its rows', async () => {
  const rows = await query(urls.DATABASE_READER_URL, 'SELECT system, trips FROM actual_hours');
  expect(rows).toEqual([{ system: 'kept', trips: 42 }]);
  expect(await query(urls.DATABASE_OWNER_URL, 'SELECT text FROM notes')).toEqual([
    { text: 'a table of their own' },
  ]);
  const mlflow = databaseUrl(
    settings,
    'mlflow_server',
    credentialsOf(layout).mlflowDatabasePassword,
    'mlflow',
  );
  expect(await query(mlflow, 'SELECT stage FROM experiments')).toEqual([{ stage: 'active' }]);
  // MLflow can still run its own migrations.
  await query(
    mlflow,
    'ALTER TABLE experiments ADD COLUMN name text',
    `ALTER TYPE stage ADD VALUE 'archived'`,
  );
});

it('leaves no object of the schema to the superuser, and no default right to the reader', async () => {
  for (const database of ['monitoring', 'mlflow']) {
    const left = await query(
      asSuperuser(database),
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relowner = 'postgres'::regrole
       UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proowner = 'postgres'::regrole
       UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typowner = 'postgres'::regrole
       UNION ALL SELECT defaclrole::regrole::text FROM pg_default_acl`,
    );
    expect(left).toEqual([]);
  }
});

it('revokes tokens from the reader, and other excess rights from the application', async () => {
  await expect(query(urls.DATABASE_READER_URL, 'SELECT * FROM console_tokens')).rejects.toMatchObject({
    code: '42501',
  });
  await expect(query(urls.DATABASE_URL, 'DELETE FROM actual_hours')).rejects.toMatchObject({ code: '42501' });
  await query(urls.DATABASE_URL, `UPDATE actual_hours SET trips = 42 WHERE system = 'kept'`);
});

it('requires a password of every login again, and has no other login', async () => {
  const url = new URL(urls.DATABASE_URL);
  url.password = 'guessed';
  await expect(query(url.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  const logins = await query<{ rolname: string }>(
    asSuperuser('postgres'),
    'SELECT rolname FROM pg_roles WHERE rolcanlogin ORDER BY 1',
  );
  expect(logins.map(({ rolname }) => rolname)).toEqual([
    'citibike_app',
    'citibike_owner',
    'citibike_reader',
    'mlflow_server',
    'postgres',
  ]);
});

it('starts again unchanged, and logs no password', async () => {
  await server.stop();
  await start();
  expect(await migrate(urls.DATABASE_OWNER_URL)).toEqual([]);
  const secrets: string[] = Object.values({ ...credentialsOf(layout) });
  expect(secrets.filter((secret) => secret.length > 8 && log().includes(secret))).toEqual([]);
});
