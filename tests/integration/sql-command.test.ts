/** Tests that `citibike sql` and its role cannot exceed their rights. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSettings, PROJECT_DIR } from '../../settings.ts';

const { databaseReaderUrl, databaseOwnerUrl } = loadSettings();

async function citibikeSql(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const command = [path.join(PROJECT_DIR, 'client', 'bin.mjs'), 'sql', ...args];
  // A zone east of Greenwich, where midnight is a day earlier in UTC.
  const env = { ...process.env, TZ: 'Asia/Tokyo' };
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, command, { env })) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

/** Statements to reject, each tried in a session that lifts every limit a session can lift. */
const ATTEMPTS: readonly (readonly [string, string])[] = [
  ['read a file', `SELECT pg_read_file('/etc/passwd')`],
  ['read a binary file', `SELECT pg_read_binary_file('/etc/passwd')`],
  ['list a folder', `SELECT pg_ls_dir('/')`],
  ['copy a file in', `COPY actual_hours FROM '/etc/passwd'`],
  ['copy to a file', `COPY (SELECT 1) TO '/tmp/of-the-reader'`],
  ['run a program', `COPY (SELECT 1) TO PROGRAM 'id'`],
  ['read from a program', `COPY actual_hours FROM PROGRAM 'id'`],
  ['import a large object', `SELECT lo_import('/etc/passwd')`],
  ['make a large object', `SELECT lo_create(0)`],
  ['fill a large object', `SELECT lo_from_bytea(0, 'x')`],
  ['become the superuser', `SET ROLE postgres`],
  ['become the owner', `SET ROLE citibike_owner`],
  ['become the application', `SET SESSION AUTHORIZATION citibike_app`],
  ['keep its role and write', `RESET ROLE; INSERT INTO actual_hours VALUES ('t', '2025-01-01', 1)`],
  ['insert', `INSERT INTO actual_hours VALUES ('t', '2025-01-01', 1)`],
  ['update', `UPDATE drift_weeks SET hours = 0`],
  ['delete', `DELETE FROM prediction_blocks`],
  ['truncate', `TRUNCATE drift_decisions`],
  ['lock a table', `LOCK TABLE actual_hours IN EXCLUSIVE MODE`],
  ['hold a lock of the workflows', `SELECT pg_advisory_lock(1)`],
  ['make a table', `CREATE TABLE of_the_reader (id integer)`],
  ['make a temporary table', `CREATE TEMPORARY TABLE of_the_reader (id integer)`],
  ['make a function', `CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'`],
  ['make a schema', `CREATE SCHEMA of_the_reader`],
  ['make a role', `CREATE ROLE of_the_reader SUPERUSER`],
  ['raise itself', `ALTER ROLE citibike_reader SUPERUSER`],
  ['set the password of another', `ALTER ROLE citibike_app PASSWORD 'known'`],
  ['drop a view', `DROP VIEW citibike_decisions`],
  ['run code', `DO $$ BEGIN PERFORM pg_sleep(0); END $$`],
  ['load an extension', `CREATE EXTENSION dblink`],
  ['load a library', `LOAD '/tmp/evil.so'`],
  ['read tokens', `SELECT * FROM console_tokens`],
  ['read passwords', `SELECT * FROM pg_authid`],
  ['change the server', `SET log_statement = 'all'`],
];

describe('the reader, with every limit of its session lifted,', () => {
  let reader: pg.Client;
  beforeAll(async () => {
    reader = new pg.Client({ connectionString: databaseReaderUrl });
    await reader.connect();
    await reader.query('SET default_transaction_read_only = off; SET statement_timeout = 0');
  });
  afterAll(() => reader?.end());

  it.for(ATTEMPTS)('cannot %s', async ([, statement]) => {
    const attempt = reader.query(`BEGIN READ WRITE; ${statement}; COMMIT`);
    // Error codes: insufficient privilege, or a library or extension that is not available with any rights.
    await expect(attempt).rejects.toMatchObject({
      code: expect.stringMatching(/^(42501|0A000|58P01)$/) as string,
    });
    await reader.query('ROLLBACK');
  });
});

describe('citibike sql', () => {
  it.for([
    ['reads a file', `select pg_read_file('/etc/passwd')`, /permission denied/],
    ['runs a program', `copy (select 1) to program 'id'`, /permission denied/],
    ['shows tokens', 'select * from console_tokens', /permission denied/],
    ['writes', `insert into actual_hours values ('t', '2025-01-01', 1)`, /read-only|permission denied/],
    [
      'leaves its transaction',
      'commit; create table slipped (id int)',
      /got several, expected one.*read-only/,
    ],
    ['writes in a transaction of its own', `begin read write; delete from actual_hours`, /got several/],
    ['changes its own password', `alter role citibike_reader password 'known'`, /read-only/],
    ['lifts the limit', 'set transaction read write; create table slipped (id int)', /got several/],
  ] as const)('never %s', async ([, statement, message]) => {
    const { code, stderr } = await citibikeSql(statement);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('reads the tables and views that are granted', async () => {
    const { stdout } = await citibikeSql('--json', 'select 6 * 7 as answer, current_user as role');
    expect(JSON.parse(stdout)).toEqual([{ answer: 42, role: 'citibike_reader' }]);
    expect(await citibikeSql('select * from citibike_metrics limit 1')).toMatchObject({ code: 0 });
  });

  it('shows both columns of a join under one name', async () => {
    const join = `select a.*, b.* from (values (1, 'x')) as a (id, "1") join (values (1, 'y')) as b (id, id_2) using (id), (values (7)) as c (id)`;
    const both = `select a.id, b.id, b.id_2 from (values (1)) as a (id), (values (2, 3)) as b (id, id_2)`;
    expect((await citibikeSql(both)).stdout).toBe('id  id  id_2\n--  --  ----\n 1   2     3\n(1 row)\n');
    expect((await citibikeSql('--json', both)).stdout).toBe(
      '[\n  {\n    "id": 1,\n    "id_3": 2,\n    "id_2": 3\n  }\n]\n',
    );
    expect(JSON.parse((await citibikeSql('--json', join)).stdout)).toEqual([
      { id: 1, '1': 'x', id_3: 1, id_2: 'y' },
    ]);
  });

  // Statement, text in the table, value in JSON.
  it.for([
    [`'NaN'::float8`, 'NaN', '"NaN"'],
    [`'-Infinity'::float4`, '-Infinity', '"-Infinity"'],
    [`'NaN'::numeric`, 'NaN', '"NaN"'],
    ['0.1::float8 + 0.2::float8', '0.30000000000000004', '0.30000000000000004'],
    ['9007199254740993', '9007199254740993', '"9007199254740993"'],
    ['42::bigint', '42', '42'],
    ['1.10::numeric(40, 30)', `1.10${'0'.repeat(28)}`, `"1.10${'0'.repeat(28)}"`],
    [`date '2024-02-29'`, '2024-02-29', '"2024-02-29"'],
    [`array[date '2024-02-29', null]`, '{2024-02-29,NULL}', '["2024-02-29", null]'],
    [`timestamp '2024-02-29 00:30:00.123456'`, '2024-02-29 00:30:00.123456', '"2024-02-29 00:30:00.123456"'],
    [
      `timestamptz '2024-02-29 00:30:00.123456+09'`,
      '2024-02-28T15:30:00.123456Z',
      '"2024-02-28T15:30:00.123456Z"',
    ],
    [`timestamptz 'infinity'`, 'infinity', '"infinity"'],
    [`'\\xdead'::bytea`, '\\xdead', '"\\\\xdead"'],
    ['true', 'true', 'true'],
    [`'{"n": 12345678901234567890}'::jsonb`, '{"n": 12345678901234567890}', '{"n": 12345678901234567890}'],
    [
      `array[['a,b', null], ['"', 'NULL']]`,
      `{{"a,b",NULL},{"\\"","NULL"}}`,
      `[["a,b", null], ["\\"", "NULL"]]`,
    ],
    [`array[1.5, 'NaN']::float8[]`, '{1.5,NaN}', '[1.5, "NaN"]'],
    [`'two  spaces' || chr(10) || 'two lines'`, 'two  spaces\\ntwo lines', '"two  spaces\\ntwo lines"'],
    ['null::integer', '', 'null'],
  ] as const)('shows %s exactly', async ([value, text, json]) => {
    const shown = (await citibikeSql(`select ${value} as v`)).stdout.split('\n');
    expect(shown[2]?.trim()).toBe(text);
    expect((await citibikeSql('--json', `select ${value} as v`)).stdout).toBe(
      `[\n  {\n    "v": ${json}\n  }\n]\n`,
    );
  });

  it('shows statements without rows and rows without columns', async () => {
    expect((await citibikeSql('select 1 where false')).stdout).toBe('(no rows)\n');
    expect((await citibikeSql('--json', 'select 1 where false')).stdout).toBe('[]\n');
    expect((await citibikeSql('--json', 'select from generate_series(1, 2)')).stdout).toBe(
      '[\n  {},\n  {}\n]\n',
    );
  });

  it('changes rows with --write, and no tables', async () => {
    const owner = new pg.Client({ connectionString: databaseOwnerUrl });
    await owner.connect();
    try {
      const insert = `insert into actual_hours (system, hour, trips) values ('sql-command-test', '2025-01-01', 1)`;
      expect(await citibikeSql('--write', insert)).toMatchObject({ code: 0 });
      const { rowCount } = await owner.query(`DELETE FROM actual_hours WHERE system = 'sql-command-test'`);
      expect(rowCount).toBe(1);
      const create = await citibikeSql('--write', 'create table slipped (id int)');
      expect(create).toMatchObject({ code: 1, stderr: expect.stringMatching(/permission denied/) as string });
    } finally {
      await owner.end();
    }
  });
});
