import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { allProcesses, processesWithEnvironment, withDescendants } from '../../../stack/process-table.ts';
import { isRunning, recordOf, signal, stopProcess } from '../../../stack/processes.ts';
import { NO_LINUX, orSkip } from '../../or-skip.ts';

const PATIENT = { signal: 'SIGTERM', wholeGroup: false, graceMs: 5_000 } as const;
const children: ChildProcess[] = [];
afterEach(() => children.splice(0).forEach((child) => child.pid && signal(-child.pid, 'SIGKILL')));

/** Starts a process in its own group, as the supervisor starts services, and waits for its first output. */
async function shell(
  script: string,
  env: Record<string, string> = {},
): Promise<ChildProcess & { pid: number }> {
  const child = spawn('/bin/sh', ['-c', script], {
    detached: true,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  return child as ChildProcess & { pid: number };
}

test('a running process matches its record, and an ended one does not', async () => {
  const child = await shell('echo ready; sleep 60');
  const record = recordOf(child.pid)!;
  expect(isRunning(record)).toBe(true);
  await stopProcess(record, PATIENT);
  expect(isRunning(record)).toBe(false);
});

test('a pid that now belongs to another process is not touched', async () => {
  const child = await shell('echo ready; sleep 60');
  await stopProcess({ pid: child.pid, identity: 'of an earlier process' }, PATIENT);
  expect(recordOf(child.pid)).toBeDefined();
});

test('the children of a service end with it', async () => {
  const child = await shell('sleep 60 & echo $!; wait');
  const inner = withDescendants([child.pid], allProcesses()).filter((pid) => pid !== child.pid);
  expect(inner).toHaveLength(1);
  await stopProcess(recordOf(child.pid)!, PATIENT);
  await expect.poll(() => recordOf(inner[0]!)).toBeUndefined();
});

test('a process that ignores the signal is killed after its time-out', async () => {
  const child = await shell("trap '' TERM; echo ready; while :; do sleep 1; done");
  const record = recordOf(child.pid)!;
  await stopProcess(record, { ...PATIENT, graceMs: 200 });
  expect(isRunning(record)).toBe(false);
});

test.skipIf(NO_LINUX)(orSkip('processes are found by a marker in their environment', NO_LINUX), async () => {
  const mark = `unit-${process.pid}`;
  const child = await shell('echo ready; sleep 60', { CITIBIKE_TEST_MARK: mark });
  const found = processesWithEnvironment('CITIBIKE_TEST_MARK', mark).map(({ pid }) => pid);
  expect(found).toContain(child.pid);
  expect(found).not.toContain(process.pid);
});
