/** Tests the rights of each role of the running stack's Postgres by exercising them. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APPLICATION_ROLE, GRANTS, OWNER_ROLE, READER_ROLE } from '../../adapters/postgres/grants.ts';
import { loadSettings } from '../../settings.ts';
import { MLFLOW_OWNER, SUPERUSER } from '../../stack/database-roles.ts';

const settings = loadSettings();
const connect = async (url: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 20_000 });
  client.on('error', () => undefined);
  await client.connect();
  return client;
};

let owner: pg.Client;
let application: pg.Client;
beforeAll(async () => {
  owner = await connect(settings.databaseOwnerUrl);
  application = await connect(settings.databaseUrl);
});
afterAll(async () => {
  await owner?.end();
  await application?.end();
});

const DENIED = { code: '42501' };

describe('the roles', () => {
  it('log in under their own names, and none is a superuser or can become one', async () => {
    const { rows } = await owner.query<Record<string, unknown>>(
      `SELECT rolname, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS is_powerful,
         EXISTS (SELECT FROM pg_auth_members WHERE member = pg_roles.oid) AS is_member
       FROM pg_roles WHERE rolcanlogin AND rolname <> $1 ORDER BY rolname`,
      [SUPERUSER],
    );
    const roles = [APPLICATION_ROLE, OWNER_ROLE, READER_ROLE, MLFLOW_OWNER];
    expect(rows).toEqual(roles.map((rolname) => ({ rolname, is_powerful: false, is_member: false })));
    const users = [settings.databaseUrl, settings.databaseOwnerUrl, settings.databaseReaderUrl];
    expect(users.map((url) => new URL(url).username)).toEqual(roles.slice(0, 3));
  });

  it.for([SUPERUSER, APPLICATION_ROLE, OWNER_ROLE, READER_ROLE, MLFLOW_OWNER])(
    '%s cannot log in without its password',
    async (role) => {
      const url = new URL(settings.databaseUrl);
      url.username = role;
      url.password = '';
      await expect(connect(url.href)).rejects.toThrow(/password/);
      url.password = 'guessed';
      await expect(connect(url.href)).rejects.toMatchObject({ code: '28P01' });
    },
  );

  it.for(['mlflow', 'postgres', 'template1'])('cannot connect to the database %s', async (database) => {
    for (const address of [settings.databaseUrl, settings.databaseReaderUrl, settings.databaseOwnerUrl]) {
      const url = new URL(address);
      url.pathname = `/${database}`;
      await expect(connect(url.href)).rejects.toMatchObject(DENIED);
    }
  });
});

it('every table and view grants exactly its declared rights', async () => {
  const { rows } = await owner.query<{ name: string; role: string; rights: string[] | null }>(
    `SELECT relname AS name, role, array_agg(privilege ORDER BY privilege) FILTER (WHERE has_table_privilege(role, relation.oid, privilege)) AS rights
     FROM pg_class AS relation, unnest($1::text[]) AS role,
       unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN']) AS privilege
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
     GROUP BY relname, role ORDER BY relname, role`,
    [[APPLICATION_ROLE, READER_ROLE]],
  );
  const declared = (name: string, role: string): readonly string[] | string => {
    const grant = GRANTS[name];
    if (!grant) return 'not listed in adapters/postgres/grants.ts';
    if (role === APPLICATION_ROLE) return grant.application.toSorted();
    return grant.isReadable ? ['SELECT'] : [];
  };
  expect(rows.length).toBeGreaterThan(40);
  expect(rows.map(({ name, role, rights }) => [name, role, rights ?? []])).toEqual(
    rows.map(({ name, role }) => [name, role, declared(name, role)]),
  );
});

describe('the application role', () => {
  it.for([
    'CREATE TABLE of_the_application (id integer)',
    'CREATE TEMPORARY TABLE of_the_application (id integer)',
    'ALTER TABLE actual_hours ADD COLUMN extra integer',
    'DROP TABLE actual_hours',
    'TRUNCATE actual_hours',
    `UPDATE console_audit SET who = 'somebody else'`,
    'DELETE FROM console_audit',
    'ALTER TABLE console_audit DISABLE TRIGGER ALL',
    `DELETE FROM schema_migrations`,
    `DO $$ BEGIN NULL; END $$`,
    `SELECT pg_read_file('/etc/passwd')`,
    `COPY actual_hours FROM PROGRAM 'id'`,
    `SET ROLE ${OWNER_ROLE}`,
  ])('cannot %s', async (statement) => {
    await expect(application.query(statement)).rejects.toMatchObject({ code: /42501|42809/ });
  });

  it('still writes single predictions through the view, as older services do', async () => {
    await application.query('BEGIN');
    try {
      await application.query(
        `INSERT INTO prediction_log (request_id, row_index, predicted_at, model, version, target_hour, features, prediction, latency_ms)
         VALUES ('roles-test', 0, now(), 'roles-test', '1', '2025-01-01', '{}', 1, 1)`,
      );
      const { rows } = await application.query(
        `SELECT prediction FROM prediction_log WHERE model = 'roles-test'`,
      );
      expect(rows).toEqual([{ prediction: 1 }]);
    } finally {
      await application.query('ROLLBACK');
    }
  });
});
