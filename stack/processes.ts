/** Stops processes by record, also those that this process did not start. */
import { setTimeout as sleep } from 'node:timers/promises';
import { processInfo } from './process-table.ts';

/** Represents a process as written to the state file. */
export interface ProcessRecord {
  readonly pid: number;
  readonly identity: string;
}

export function recordOf(pid: number): ProcessRecord | undefined {
  const info = processInfo(pid);
  return info && { pid, identity: info.identity };
}

export function isRunning(record: ProcessRecord | undefined): record is ProcessRecord {
  return record !== undefined && processInfo(record.pid)?.identity === record.identity;
}

export interface StopManner {
  readonly signal: NodeJS.Signals;
  /** True if the signal goes to the whole process group, because the leader does not pass signals on. */
  readonly wholeGroup: boolean;
  /** Milliseconds before the process is killed. */
  readonly graceMs: number;
}

/** Sends a signal and ignores a process or group that is gone. A negative pid is a group. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * Waits until the process has ended.
 * @returns whether it ended in time.
 */
export async function hasEnded(record: ProcessRecord, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (isRunning(record)) {
    if (performance.now() > deadline) return false;
    await sleep(50);
  }
  return true;
}

/**
 * Stops a process that leads its group, and then the rest of the group. Does nothing if the record's process is gone, even if its
 * pid is in use again.
 */
export async function stopProcess(record: ProcessRecord, manner: StopManner): Promise<void> {
  if (!isRunning(record)) return;
  signal(manner.wholeGroup ? -record.pid : record.pid, manner.signal);
  if (!(await hasEnded(record, manner.graceMs))) {
    signal(-record.pid, 'SIGKILL');
    await hasEnded(record, 5_000);
    return;
  }
  killGroup(record.pid);
}

/** Kills the rest of a group whose leader has ended. The kernel does not reuse a pid that still names a group. */
export function killGroup(leader: number): void {
  signal(-leader, 'SIGKILL');
}
