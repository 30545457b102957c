/** Backs up a second stack while it runs, deletes it and restores it: rows, objects with their metadata, and schedules are back. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ObjectStore } from '../../adapters/s3/object-store.ts';
import { connectClient } from '../../adapters/temporal/temporal-connection.ts';
import { loadSettings, PROJECT_DIR, type Settings } from '../../settings.ts';
import { layoutOf } from '../../stack/stack-layout.ts';
import { freeOffset } from '../free-offset.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'citibike-backup-test-'));
const file = path.join(folder, 'backup.tar.zst');
const NO_PROCESSES = ['--without', 'mlflow,worker,inference,console'];
const SCHEDULE = 'monthly-drift';
const OBJECT = Buffer.from('an object');

let env: Record<string, string>;
let etagBefore: string;

/** Runs a command on the second stack. @returns its output, also of a command that failed. */
async function citibike(...args: string[]): Promise<string> {
  const command = [path.join(PROJECT_DIR, 'client', 'bin.mjs'), ...args];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, command, {
      env: { ...process.env, ...env },
    });
    return stdout;
  } catch (error) {
    return (error as { stderr: string }).stderr;
  }
}

/** Kills a command on the second stack once something is there. */
async function killWhen(isThere: () => boolean, ...args: string[]): Promise<void> {
  const command = [path.join(PROJECT_DIR, 'client', 'bin.mjs'), ...args];
  const child = spawn(process.execPath, command, { env: { ...process.env, ...env }, stdio: 'ignore' });
  const ended = once(child, 'exit');
  while (child.exitCode === null && !isThere()) await sleep(5);
  child.kill('SIGKILL');
  const [, signal] = (await ended) as [number | null, string | null];
  expect(signal, `citibike ${args[0]} was still running`).toBe('SIGKILL');
}

/** Settings of the stack, whose passwords change when it is made again. */
const settingsNow = (): Settings => loadSettings(env);

async function query(statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: settingsNow().databaseOwnerUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

async function isPaused(): Promise<boolean> {
  const { client, connection } = await connectClient(settingsNow().temporal);
  try {
    return (await client.schedule.getHandle(SCHEDULE).describe()).state.paused;
  } finally {
    await connection.close();
  }
}

/** Its ETag is an extended attribute of a file. */
async function storedObject(): Promise<{ body: Uint8Array; etag: string }> {
  const objects = new ObjectStore(settingsNow().s3);
  try {
    return await objects.getWithEtag(`s3://${objects.buckets.data}/backup-test`);
  } finally {
    objects.close();
  }
}

beforeAll(async () => {
  const offset = await freeOffset(loadSettings().portOffset + 2_000);
  env = { PORT_OFFSET: String(offset), STACK_DIR: loadSettings().stackDir };
  expect(await citibike('up', ...NO_PROCESSES)).toContain('The stack is up');
  await query('CREATE TABLE backup_test AS SELECT 42 AS answer');
  const objects = new ObjectStore(settingsNow().s3);
  await objects.put(`s3://${objects.buckets.data}/backup-test`, OBJECT);
  objects.close();
  ({ etag: etagBefore } = await storedObject());
}, 180_000);

afterAll(async () => {
  await citibike('reset', '--yes');
  rmSync(folder, { recursive: true });
}, 60_000);

test('a running stack is saved and runs again, with its schedules', { timeout: 120_000 }, async () => {
  expect(await citibike('backup', file)).toMatch(/Saved \d+ files.*The stack is up/s);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await isPaused()).toBe(false);
  expect(await query('SELECT answer FROM backup_test')).toEqual([{ answer: 42 }]);
});

test(
  'a backup that was killed leaves no stack paused, and nothing of its file after the next',
  {
    timeout: 240_000,
  },
  async () => {
    const killed = path.join(folder, 'killed.tar.zst');
    const partial = (): string[] => readdirSync(folder).filter((name) => name.endsWith('.partial'));
    await killWhen(() => partial().length > 0, 'backup', killed);
    expect(await citibike('up', ...NO_PROCESSES)).toContain('The stack is up');
    expect(await isPaused()).toBe(false);
    expect(await query('SELECT answer FROM backup_test')).toEqual([{ answer: 42 }]);
    expect(await citibike('backup', killed)).toMatch(/Saved \d+ files/);
    expect(partial()).toEqual([]);
  },
);

test('a truncated file is rejected while the stack runs on', { timeout: 60_000 }, async () => {
  const truncated = path.join(folder, 'truncated.tar.zst');
  await promisify(execFile)('cp', [file, truncated]);
  truncateSync(truncated, statSync(file).size - 1_000);
  expect(await citibike('restore', truncated, '--yes')).toMatch(/truncated or damaged/);
  expect(await query('SELECT answer FROM backup_test')).toEqual([{ answer: 42 }]);
});

test(
  'a stack that was deleted comes back, also after a restore that was killed',
  { timeout: 180_000 },
  async () => {
    await citibike('reset', '--yes');
    const { restoring, data } = layoutOf(settingsNow());
    await killWhen(() => existsSync(path.join(restoring, 'data', 'postgres')), 'restore', file);
    expect(existsSync(data)).toBe(false);
    expect(await citibike('restore', file)).toContain('The data are those of');
    expect(await citibike('up', ...NO_PROCESSES)).toContain('The stack is up');
    expect(await query('SELECT answer FROM backup_test')).toEqual([{ answer: 42 }]);
    const { body, etag } = await storedObject();
    expect({ body: Buffer.from(body), etag }).toEqual({ body: OBJECT, etag: etagBefore });
    expect(await isPaused()).toBe(false);
  },
);
