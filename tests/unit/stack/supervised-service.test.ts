import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Service } from '../../../stack/service.ts';
import { recordOf } from '../../../stack/processes.ts';
import { SupervisedService } from '../../../stack/supervised-service.ts';

let folder: string;
let supervised: SupervisedService;
let lines: string[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'citibike-service-'));
  lines = [];
});
afterEach(async () => {
  await supervised.stop();
  rmSync(folder, { recursive: true });
});

/** Defines a service that is a shell script; it is ready when the file `ready` exists. */
function serviceOf(script: string, change: Partial<Service> = {}): SupervisedService {
  const ready = path.join(folder, 'ready');
  const service: Service = {
    name: 's3',
    title: 'S3',
    address: undefined,
    ports: [],
    needs: [],
    startTimeoutMs: 5_000,
    prepare: async () => rmSync(ready, { force: true }),
    command: () => ({
      file: '/bin/sh',
      args: ['-c', script],
      env: { PATH: process.env['PATH'] },
      cwd: folder,
    }),
    isReady: async () => existsSync(ready),
    ...change,
  };
  const hooks = {
    logs: folder,
    provision: async () => undefined,
    changed: () => undefined,
    log: (line: string) => lines.push(line),
  };
  return (supervised = new SupervisedService(service, hooks));
}

test('a service is ready after its own check, its settling and its provisioning', async () => {
  let settled = false;
  const service = serviceOf('touch ready; sleep 60', {
    settle: async () => void (settled = existsSync(path.join(folder, 'ready'))),
  });
  await service.start();
  expect(settled).toBe(true);
  expect(service.state).toMatchObject({ phase: 'ready', restarts: 0 });
});

test('a service that ends while it starts fails with its last lines and its log', async () => {
  const service = serviceOf('echo one; echo "port is taken" >&2; exit 3');
  await expect(service.start()).rejects.toThrow(
    /S3 exited with 3.*one\n {4}port is taken\n {2}Full log: .*s3\.log/s,
  );
  expect(service.state.phase).toBe('failed');
});

test('a failure shows only the output of this start, not that of an earlier one', async () => {
  writeFileSync(path.join(folder, 's3.log'), 'an old complaint\n');
  const failure = await serviceOf('echo new; exit 1')
    .start()
    .catch((error: Error) => error.message);
  expect(failure).toContain('new');
  expect(failure).not.toContain('old');
});

test('a service that is not ready in time is stopped and fails', async () => {
  const service = serviceOf('echo $$ > pid; sleep 60', { startTimeoutMs: 300 });
  await expect(service.start()).rejects.toThrow(/was not ready within 0\.3 s/);
  const pid = Number(readFileSync(path.join(folder, 'pid'), 'utf8'));
  expect(recordOf(pid)).toBeUndefined();
});

test('a service whose command cannot be started fails with the reason', async () => {
  const command = () => ({ file: '/nonexistent/program', args: [], env: {}, cwd: folder });
  await expect(serviceOf('', { command }).start()).rejects.toThrow(/could not be started: .*ENOENT/);
});

test('a service that ends unexpectedly is restarted at once, with a message', async () => {
  const service = serviceOf('touch ready; sleep 60');
  await service.start();
  const first = service.state.process!.pid;
  process.kill(first, 'SIGKILL');
  await expect.poll(() => service.state.restarts).toBe(1);
  await expect.poll(() => service.state.phase).toBe('ready');
  expect(service.state.process!.pid).not.toBe(first);
  expect(lines).toContain('s3 was killed by SIGKILL; restarting it in 0.1 s');
});

test('a stopped service is not restarted', async () => {
  const service = serviceOf('touch ready; sleep 60');
  await service.start();
  await service.stop();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(service.state).toMatchObject({ phase: 'stopped', process: undefined });
});
