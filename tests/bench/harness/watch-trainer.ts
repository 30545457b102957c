/** Measures the cost of a trainer process from outside through /proc (Linux). */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { allProcesses } from '../../../stack/process-table.ts';

/** Ticks per second in /proc/PID/stat: USER_HZ, 100 on every Linux that Node runs on. */
const TICKS = 100;

/** Sets the milliseconds between samples, which bounds the error at the end of the process. */
const POLL_MS = 20;

export interface TrainerCost {
  /** Seconds from spawn to exit. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Highest resident memory. */
  readonly peakBytes: number;
}

/** Waits for a trainer that gets a folder of this name, and for its end. */
export async function watchTrainer(isFolder: (folder: string) => boolean): Promise<TrainerCost> {
  for (;;) {
    const found = allProcesses().find(({ command }) => {
      const [, folder] = /trainer\.ts train (\S+)/.exec(command) ?? [];
      return folder !== undefined && isFolder(folder);
    });
    if (found) return follow(found.pid);
    await sleep(POLL_MS);
  }
}

async function follow(pid: number): Promise<TrainerCost> {
  let last: TrainerCost = { seconds: 0, cpuSeconds: 0, peakBytes: 0 };
  for (;;) {
    const now = costOf(pid);
    if (!now) return last;
    last = now;
    await sleep(POLL_MS);
  }
}

function costOf(pid: number): TrainerCost | undefined {
  try {
    // The line is "pid (name) state ppid ...": utime, stime and starttime are fields 14, 15 and 22, see proc_pid_stat(5).
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const [uptime] = readFileSync('/proc/uptime', 'utf8').split(' ');
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    if (!peak) return undefined;
    return {
      seconds: Number(uptime) - Number(fields[19]) / TICKS,
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS,
      peakBytes: Number(peak[1]) * 1024,
    };
  } catch {
    return undefined;
  }
}
