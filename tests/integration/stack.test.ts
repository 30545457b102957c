/** Tests the command line on the running stack, and a second stack beside it whose supervisor is killed. */
import { execFile } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { migrate } from '../../adapters/postgres/migrate.ts';
import { loadSettings, PROJECT_DIR } from '../../settings.ts';
import { processesWithEnvironment } from '../../stack/process-table.ts';
import { isListening } from '../../stack/ports.ts';
import type { StackStatus } from '../../stack/status.ts';
import { openFiles, wayOfPostgres } from '../fixtures/open-files.ts';
import { freeOffset } from '../free-offset.ts';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function citibike(args: string[], env: Record<string, string> = {}): Promise<Outcome> {
  const command = [path.join(PROJECT_DIR, 'client', 'bin.mjs'), ...args];
  try {
    const result = await promisify(execFile)(process.execPath, command, { env: { ...process.env, ...env } });
    return { code: 0, ...result };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

describe('on the running stack', () => {
  test('its servers are ready and listen where the settings say', async () => {
    const { stdout } = await citibike(['status', '--json']);
    const { services } = JSON.parse(stdout) as StackStatus;
    const servers = services.filter(({ name }) => ['postgres', 's3', 'temporal', 'mlflow'].includes(name));
    expect(servers.map(({ state }) => state)).toEqual(['ready', 'ready', 'ready', 'ready']);
    const { ports } = loadSettings();
    expect(servers.flatMap((service) => service.ports)).toEqual([
      ports.postgres,
      ports.s3,
      ports.temporal,
      ports.temporalUi,
      ports.mlflow,
    ]);
  });

  test('its buckets are listed', async () => {
    const { stdout } = await citibike(['s3', 'ls']);
    for (const bucket of Object.values(loadSettings().s3.buckets))
      expect(stdout).toContain(`s3://${bucket}/`);
  });

  test('env prints the settings for a shell, with working passwords', async () => {
    const { stdout } = await citibike(['env']);
    const script = `${stdout}\necho "$PORT_OFFSET $AWS_ENDPOINT_URL"; temporal operator namespace describe -n default`;
    const shell = await promisify(execFile)('/bin/sh', ['-c', script]);
    const { portOffset, s3 } = loadSettings();
    expect(shell.stdout).toContain(`${portOffset} ${s3.endpoint}`);
    // The retention is thirty days; the dev server's default is one.
    expect(shell.stdout).toMatch(/720h|30 ?d/i);
  });

  test('env prints the role that reads for psql, and never the owner', async () => {
    const { stdout } = await citibike(['env']);
    const { databaseReaderUrl, databaseOwnerUrl } = loadSettings();
    expect(stdout).toContain('export PGUSER=citibike_reader');
    expect(stdout).toContain(new URL(databaseReaderUrl).password);
    expect(stdout).not.toContain(new URL(databaseOwnerUrl).password);
  });

  test('its files are readable by their owner only', () => {
    const { stackDir, instanceDir } = loadSettings();
    const way = wayOfPostgres(stackDir, instanceDir);
    expect(openFiles(instanceDir).filter((entry) => !way.includes(entry))).toEqual([]);
  });

  test('no process shows a password or key in its arguments', () => {
    const instance = loadSettings().instanceDir;
    const credentials = JSON.parse(readFileSync(path.join(instance, 'credentials.json'), 'utf8')) as object;
    const secrets = Object.values(credentials) as string[];
    expect(secrets.length).toBeGreaterThanOrEqual(7);
    const processes = processesWithEnvironment('CITIBIKE_INSTANCE', instance);
    expect(processes.length).toBeGreaterThan(5);
    const commands = processes.map(({ command }) => command).join('\n');
    expect(secrets.filter((secret) => commands.includes(secret))).toEqual([]);
  });

  test('applied migrations are not applied again', async () => {
    const { databaseOwnerUrl } = loadSettings();
    await migrate(databaseOwnerUrl);
    expect(await migrate(databaseOwnerUrl)).toEqual([]);
  });

  test('provisioning can run again', async () => {
    expect(await citibike(['provision'])).toMatchObject({ code: 0 });
  });
});

describe('a second stack beside it', async () => {
  const offset = await freeOffset(loadSettings().portOffset + 1_000);
  const env = { PORT_OFFSET: String(offset) };
  const instance = path.join(loadSettings().stackDir, `offset-${offset}`);
  const servers = ['up', '--without', 'worker,inference'];
  const KEPT = `insert into actual_hours (system, hour, trips) values ('kept', '2025-01-01', 42)`;
  const status = async () => JSON.parse((await citibike(['status', '--json'], env)).stdout) as StackStatus;
  const pids = async () =>
    Object.fromEntries((await status()).services.map(({ name, pid }) => [name, pid])) as Record<
      string,
      number
    >;

  afterAll(async () => {
    await citibike(['reset', '--yes'], env);
  });

  test('starts, keeps data, recovers after kill -9, and leaves nothing behind', async () => {
    expect(await citibike(servers, env)).toMatchObject({ code: 0 });
    await citibike(['sql', '--write', KEPT], env);

    const before = await pids();
    process.kill(before['s3']!, 'SIGKILL');
    await expect.poll(async () => (await status()).ok, { interval: 300 }).toBe(true);
    expect((await pids())['s3']).not.toBe(before['s3']);

    process.kill((await status()).supervisorPid!, 'SIGKILL');
    expect((await status()).ok).toBe(false);
    expect(await citibike(servers, env)).toMatchObject({ code: 0 });
    expect((await status()).ok).toBe(true);
    const { stdout } = await citibike(['sql', '--json', 'select trips from actual_hours'], env);
    expect(JSON.parse(stdout)).toEqual([{ trips: 42 }]);

    process.kill((await status()).supervisorPid!, 'SIGKILL');
    expect(await citibike(['down'], env)).toMatchObject({ code: 0 });
    expect(processesWithEnvironment('CITIBIKE_INSTANCE', instance)).toEqual([]);
    expect(await isListening(loadSettings(env).ports.postgres)).toBe(false);
    const way = wayOfPostgres(loadSettings().stackDir, instance);
    expect(openFiles(instance).filter((entry) => !way.includes(entry))).toEqual([]);
  }, 300_000);

  test('the next start closes files that an earlier version left open, and programs still run', async () => {
    const opened = ['data/temporal.db', 'env.json', 'logs/temporal.log', 'credentials.json'];
    for (const name of opened) chmodSync(path.join(instance, name), 0o666);
    for (const name of ['', 'logs', 'data', 'data/s3']) chmodSync(path.join(instance, name), 0o755);
    expect(await citibike(servers, env)).toMatchObject({ code: 0 });
    const way = wayOfPostgres(loadSettings().stackDir, instance);
    expect(openFiles(instance).filter((entry) => !way.includes(entry))).toEqual([]);
    expect(await citibike(['down'], env)).toMatchObject({ code: 0 });
  });

  test('a port in use is named with its process, and nothing starts', async () => {
    const { ports } = loadSettings();
    const outcome = await citibike(servers, { ...env, MLFLOW_PORT: String(ports.mlflow) });
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(
      new RegExp(`^error: port ${ports.mlflow} of MLflow \\(MLFLOW_PORT\\) is held by pid \\d+ \\(.*mlflow`),
    );
    expect((await status()).supervisorPid).toBeNull();
  });
});
