/** The command line on the running stack, and a second stack beside it whose supervisor is killed. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { migrate } from '../../adapters/postgres/migrate.ts';
import { loadSettings, PROJECT_DIR } from '../../settings.ts';
import { processesWithEnvironment } from '../../stack/process-table.ts';
import { isListening } from '../../stack/ports.ts';
import type { StackStatus } from '../../stack/status.ts';
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
    const { parts } = JSON.parse(stdout) as StackStatus;
    const servers = parts.filter(({ part }) => ['postgres', 's3', 'temporal', 'mlflow'].includes(part));
    expect(servers.map(({ state }) => state)).toEqual(['ready', 'ready', 'ready', 'ready']);
    const { ports } = loadSettings();
    expect(servers.flatMap((part) => part.ports)).toEqual([
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

  test('sql reads, and writes only when told to', async () => {
    const { stdout } = await citibike(['sql', '--json', 'select 6 * 7 as answer']);
    expect(JSON.parse(stdout)).toEqual([{ answer: 42 }]);
    const refused = await citibike(['sql', 'commit; create table slipped (id int)']);
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error: .*read-only/) as string,
    });
    expect(refused.stderr.trim().split('\n')).toHaveLength(1);
  });

  test('env gives a shell the settings, with passwords that work', async () => {
    const { stdout } = await citibike(['env']);
    const script = `${stdout}\necho "$PORT_OFFSET $AWS_ENDPOINT_URL"; temporal operator namespace describe -n default`;
    const shell = await promisify(execFile)('/bin/sh', ['-c', script]);
    const { portOffset, s3 } = loadSettings();
    expect(shell.stdout).toContain(`${portOffset} ${s3.endpoint}`);
    // Thirty days, where the dev server's own is one.
    expect(shell.stdout).toMatch(/720h|30 ?d/i);
  });

  test('migrations applied before are not applied again', async () => {
    const { databaseUrl } = loadSettings();
    await migrate(databaseUrl);
    expect(await migrate(databaseUrl)).toEqual([]);
  });

  test('provisioning can be run again', async () => {
    expect(await citibike(['provision'])).toMatchObject({ code: 0 });
  });
});

describe('a second stack beside it', async () => {
  const offset = await freeOffset(loadSettings().portOffset + 1_000);
  const env = { PORT_OFFSET: String(offset) };
  const instance = path.join(loadSettings().stackDir, `offset-${offset}`);
  const servers = ['up', '--without', 'worker,inference'];
  const status = async () => JSON.parse((await citibike(['status', '--json'], env)).stdout) as StackStatus;
  const pids = async () =>
    Object.fromEntries((await status()).parts.map(({ part, pid }) => [part, pid])) as Record<string, number>;

  afterAll(async () => {
    await citibike(['reset', '--yes'], env);
  });

  test('starts, keeps data, comes back after kill -9, and leaves nothing behind', async () => {
    expect(await citibike(servers, env)).toMatchObject({ code: 0 });
    await citibike(['sql', '--write', 'create table kept (id int)'], env);

    const before = await pids();
    process.kill(before['s3']!, 'SIGKILL');
    await expect.poll(async () => (await status()).ok, { interval: 300 }).toBe(true);
    expect((await pids())['s3']).not.toBe(before['s3']);

    process.kill((await status()).supervisorPid!, 'SIGKILL');
    expect((await status()).ok).toBe(false);
    expect(await citibike(servers, env)).toMatchObject({ code: 0 });
    expect((await status()).ok).toBe(true);
    const { stdout } = await citibike(['sql', '--json', 'select count(*) as n from kept'], env);
    expect(JSON.parse(stdout)).toEqual([{ n: 0 }]);

    process.kill((await status()).supervisorPid!, 'SIGKILL');
    expect(await citibike(['down'], env)).toMatchObject({ code: 0 });
    expect(processesWithEnvironment('CITIBIKE_INSTANCE', instance)).toEqual([]);
    expect(await isListening(loadSettings(env).ports.postgres)).toBe(false);
  });

  test('a taken port is named with its holder, and nothing is started', async () => {
    const { ports } = loadSettings();
    const outcome = await citibike(servers, { ...env, MLFLOW_PORT: String(ports.mlflow) });
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(
      new RegExp(`^error: port ${ports.mlflow} of MLflow \\(MLFLOW_PORT\\) is held by pid \\d+ \\(.*mlflow`),
    );
    expect((await status()).supervisorPid).toBeNull();
  });
});
