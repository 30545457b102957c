/** Stopping processes by record, also those that this process did not start. */
import { setTimeout as sleep } from 'node:timers/promises';
import { processInfo } from './process-table.ts';

/** A process as written to the state file. */
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
  /** Signal the whole process group, for a leader that does not pass signals on. */
  readonly wholeGroup: boolean;
  /** How long it may take before it is killed. */
  readonly graceMs: number;
}

/** Sends a signal; a process or group that is gone is fine. A negative pid is a group. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Waits until the process has ended. @returns whether it did in time. */
export async function hasEnded(record: ProcessRecord, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (isRunning(record)) {
    if (performance.now() > deadline) return false;
    await sleep(50);
  }
  return true;
}

/**
 * Stops a process that leads its group, then whatever its group still holds. Does nothing when the record's process is gone,
 * whoever has its pid now.
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

/** Kills what is left of a group whose leader has ended. The kernel gives no pid away that still names a group. */
export function killGroup(leader: number): void {
  signal(-leader, 'SIGKILL');
}
