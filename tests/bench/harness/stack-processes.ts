/** Finds the processes of a running stack, and their memory. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_DIR, type Settings } from '../../../settings.ts';

/** @throws Error if the service does not run. */
export function pidOf({ portOffset }: Pick<Settings, 'portOffset'>, service: string): number {
  const command = [path.join(PROJECT_DIR, 'client', 'bin.mjs'), 'status', '--json'];
  const env = { ...process.env, PORT_OFFSET: String(portOffset) };
  const { stdout } = spawnSync(process.execPath, command, { encoding: 'utf8', env });
  const { parts } = JSON.parse(stdout) as { parts: { part: string; pid: number | null }[] };
  const pid = parts.find(({ part }) => part === service)?.pid;
  if (typeof pid !== 'number') throw new Error(`${service} of the stack does not run: citibike up`);
  return pid;
}

/** Makes `peakMemoryOf` count from now on: 5 resets the peak, see proc_pid_clear_refs(5). */
export function resetPeakMemory(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** Returns the largest resident memory that a process has had, in bytes. */
export function peakMemoryOf(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}
