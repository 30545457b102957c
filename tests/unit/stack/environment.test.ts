import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadSettings } from '../../../settings.ts';
import {
  credentialsOf,
  ownEnvironment,
  serverEnvironment,
  stackEnvironment,
} from '../../../stack/environment.ts';
import { writeJson } from '../../../stack/json-file.ts';
import { layoutOf } from '../../../stack/stack-layout.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'citibike-stack-'))));
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

const settingsWith = (env: Record<string, string> = {}) => loadSettings({ STACK_DIR: folder, ...env });

test('passwords are created once, for their owner only, and kept', () => {
  const layout = layoutOf(settingsWith());
  const made = credentialsOf(layout);
  expect(statSync(layout.credentials).mode & 0o777).toBe(0o600);
  expect(credentialsOf(layout)).toEqual(made);
  expect(made.postgresPassword.length).toBeGreaterThanOrEqual(24);
});

test('data without their passwords are an error that says what to do', () => {
  const layout = layoutOf(settingsWith());
  mkdirSync(path.join(layout.data, 'postgres'), { recursive: true });
  expect(() => credentialsOf(layout)).toThrow(/credentials\.json is missing.*citibike reset/s);
});

test.each([{}, { postgresPassword: '' }, { postgresPassword: null }])(
  'databases without the password of their superuser are an error, for %j',
  (removed) => {
    const layout = layoutOf(settingsWith());
    const { postgresPassword: _, ...others } = credentialsOf(layout);
    writeJson(layout.credentials, { ...others, ...removed });
    const written = readFileSync(layout.credentials, 'utf8');
    mkdirSync(path.join(layout.data, 'postgres'), { recursive: true });
    writeFileSync(path.join(layout.data, 'postgres', 'PG_VERSION'), '18');
    expect(() => credentialsOf(layout)).toThrow(
      /credentials\.json has no postgresPassword.*Restore.*citibike reset/s,
    );
    expect(readFileSync(layout.credentials, 'utf8')).toBe(written);
  },
);

test('a password of the user is part of the address, whatever characters it has', () => {
  const password = "p@ss:w/o%rd#?'é";
  const settings = settingsWith();
  const { DATABASE_URL } = stackEnvironment(settings, {
    ...credentialsOf(layoutOf(settings)),
    applicationPassword: password,
  });
  expect(new pg.Client(DATABASE_URL)).toMatchObject({
    user: 'citibike_app',
    password,
    database: 'monitoring',
  });
});

test('settings read back what the stack wrote', () => {
  const layout = layoutOf(settingsWith());
  writeJson(layout.environment, stackEnvironment(settingsWith(), credentialsOf(layout)));
  const settings = settingsWith();
  const { applicationPassword, ownerPassword, readerPassword, s3AccessKeyId, s3SecretAccessKey } =
    credentialsOf(layout);
  const database = '127.0.0.1:5433/monitoring';
  expect(settings).toMatchObject({
    databaseUrl: `postgres://citibike_app:${applicationPassword}@${database}`,
    databaseOwnerUrl: `postgres://citibike_owner:${ownerPassword}@${database}`,
    databaseReaderUrl: `postgres://citibike_reader:${readerPassword}@${database}`,
  });
  expect(settings.s3.credentials).toEqual({
    accessKeyId: s3AccessKeyId,
    secretAccessKey: s3SecretAccessKey,
  });
});

test('credentials of an earlier version are kept and those of new roles added', () => {
  const layout = layoutOf(settingsWith());
  const earlier = { postgresPassword: 'p', s3AccessKeyId: 'i', s3SecretAccessKey: 's' };
  writeJson(layout.credentials, earlier);
  mkdirSync(path.join(layout.data, 'postgres'), { recursive: true });
  const credentials = credentialsOf(layout);
  expect(credentials).toMatchObject(earlier);
  expect(credentials.readerPassword.length).toBeGreaterThanOrEqual(24);
  expect(credentialsOf(layout)).toEqual(credentials);
});

test("a configured database does not get the stack's other roles", () => {
  const layout = layoutOf(settingsWith());
  const stack = stackEnvironment(settingsWith(), credentialsOf(layout));
  writeJson(layout.environment, stack);
  const managed = 'postgres://me:secret@db.example/monitoring';
  expect(settingsWith({ DATABASE_URL: managed })).toMatchObject({
    databaseUrl: managed,
    databaseOwnerUrl: managed,
    databaseReaderUrl: managed,
  });
  // The owner address applies if DATABASE_URL is the stack's own, as after eval "$(citibike env)".
  expect(settingsWith({ DATABASE_URL: stack.DATABASE_URL }).databaseOwnerUrl).toBe(stack.DATABASE_OWNER_URL);
});

test('a wrong database address is named without its password', () => {
  const wrong = () => settingsWith({ DATABASE_READER_URL: 'mysql://me:hunter2@db/monitoring' });
  expect(wrong).toThrow(/DATABASE_READER_URL.*postgres:/);
  expect(wrong).not.toThrow(/hunter2/);
});

test("the stack's services do not get the passwords of owner and reader, and its servers get no secret", () => {
  vi.stubEnv('WEBHOOK_SECRET', 'hook');
  vi.stubEnv('NOAA_TOKEN', 'noaa');
  vi.stubEnv('DATABASE_OWNER_URL', 'postgres://somebody:else@db.example/monitoring');
  const settings = settingsWith();
  const layout = layoutOf(settings);
  const credentials = credentialsOf(layout);
  writeJson(layout.environment, stackEnvironment(settings, credentials));
  const own = loadSettings({ ...ownEnvironment({ settings, layout, credentials }), STACK_DIR: folder });
  expect(own.databaseOwnerUrl).toBe(own.databaseUrl);
  expect(own.databaseReaderUrl).toBe(own.databaseUrl);
  expect(Object.values(serverEnvironment(layout, {})).filter((value) => /^(hook|noaa)$/.test(value))).toEqual(
    [],
  );
});

test('every address moves with the offset, and each offset keeps its own files', () => {
  const settings = settingsWith({ PORT_OFFSET: '10000' });
  expect(layoutOf(settings).environment).toBe(path.join(folder, 'offset-10000', 'env.json'));
  expect(stackEnvironment(settings, credentialsOf(layoutOf(settings)))).toMatchObject({
    PORT_OFFSET: '10000',
    TEMPORAL_ADDRESS: '127.0.0.1:17233',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:14566',
    MLFLOW_TRACKING_URI: 'http://127.0.0.1:15000',
  });
  expect(stackEnvironment(settings, credentialsOf(layoutOf(settings)))['DATABASE_URL']).toMatch(
    /@127\.0\.0\.1:15433\/monitoring$/,
  );
});

test("a shell's own AWS and Temporal settings do not redirect the stack's processes", () => {
  vi.stubEnv('AWS_PROFILE', 'work');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE');
  vi.stubEnv('TEMPORAL_API_KEY', 'cloud-key');
  const settings = settingsWith();
  const layout = layoutOf(settings);
  const credentials = credentialsOf(layout);
  expect(serverEnvironment(layout, {})).not.toHaveProperty('AWS_PROFILE');
  expect(serverEnvironment(layout, {})).not.toHaveProperty('AWS_ACCESS_KEY_ID');
  const own = loadSettings(ownEnvironment({ settings, layout, credentials }));
  expect(own.s3.credentials?.accessKeyId).toBe(credentials.s3AccessKeyId);
  expect(own.temporal).toMatchObject({ address: '127.0.0.1:7233', apiKey: undefined, tls: false });
});

test('JSON files are replaced atomically', () => {
  const file = path.join(folder, 'state.json');
  writeJson(file, { long: 'x'.repeat(1000) });
  writeJson(file, { short: 1 });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ short: 1 });
});
