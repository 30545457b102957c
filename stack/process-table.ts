/**
 * Lists the processes of this machine: from /proc on Linux, where small images have no `ps`, and otherwise from `ps`. A process
 * is identified by its pid and its start, so that a reused pid is never mistaken for one of the stack.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Opaque; equal only for the same run of the same process. */
  readonly identity: string;
  readonly command: string;
}

const LINUX = process.platform === 'linux';

function readProc(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    // The process ended, or belongs to another user.
    return undefined;
  }
}

let bootId: string | undefined;

/** Includes the boot in the identity, because start times count from it. */
function linuxProcess(pid: number): ProcessInfo | undefined {
  const stat = readProc(pid, 'stat');
  if (!stat) return undefined;
  // "pid (name) state ppid pgrp ..."; the name may contain spaces and brackets. Field 22 is the start, see proc_pid_stat(5).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  bootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return {
    pid,
    parent: Number(fields[1]),
    group: Number(fields[2]),
    identity: `${bootId}:${fields[19]}`,
    command: (readProc(pid, 'cmdline') ?? '').replaceAll('\0', ' ').trim() || stat.slice(stat.indexOf('(')),
  };
}

function psProcesses(selection: string[]): ProcessInfo[] {
  let output: string;
  try {
    const columns = ['pid=', 'ppid=', 'pgid=', 'stat=', 'lstart=', 'command='].flatMap((name) => [
      '-o',
      name,
    ]);
    output = execFileSync('ps', [...selection, '-ww', ...columns], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    // ps exits with 1 if nothing matches.
    return [];
  }
  return output.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\w+ \w+\s+\d+ [\d:]+ \d+)\s+(.*)$/.exec(line);
    if (!match || match[4]!.startsWith('Z')) return [];
    return [
      {
        pid: Number(match[1]),
        parent: Number(match[2]),
        group: Number(match[3]),
        identity: match[5]!,
        command: match[6]!,
      },
    ];
  });
}

/** Returns undefined if no such process runs. A process that has ended but was not yet reaped counts as ended. */
export function processInfo(pid: number): ProcessInfo | undefined {
  return LINUX ? linuxProcess(pid) : psProcesses(['-p', String(pid)])[0];
}

export function allProcesses(): ProcessInfo[] {
  if (!LINUX) return psProcesses(['-ax']);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => linuxProcess(Number(name)) ?? []);
}

/** Returns `roots` and all their descendants that are still in the tree. */
export function withDescendants(roots: readonly number[], table: readonly ProcessInfo[]): number[] {
  const found = new Set(roots);
  for (let grown = true; grown;) {
    grown = false;
    for (const { pid, parent } of table) {
      if (found.has(parent) && !found.has(pid)) {
        found.add(pid);
        grown = true;
      }
    }
  }
  return [...found];
}

/** Returns the processes whose environment contains NAME=value. Linux only, because other systems do not show it. */
export function processesWithEnvironment(name: string, value: string): ProcessInfo[] {
  if (!LINUX) return [];
  const wanted = `${name}=${value}`;
  return allProcesses().filter(({ pid }) => readProc(pid, 'environ')?.split('\0').includes(wanted));
}

/** Returns the bytes of memory. Linux divides shared pages among their users (PSS); elsewhere they count in full. */
export function memoryOf(pids: readonly number[]): number {
  if (!LINUX) {
    const output = execFileSync('ps', ['-o', 'rss=', '-p', pids.join(',') || '0'], { encoding: 'utf8' });
    return output.split('\n').reduce((sum, line) => sum + Number(line) * 1024, 0);
  }
  return pids.reduce((sum, pid) => {
    const kilobytes =
      /^Pss:\s+(\d+)/m.exec(readProc(pid, 'smaps_rollup') ?? '') ??
      /^VmRSS:\s+(\d+)/m.exec(readProc(pid, 'status') ?? '');
    return sum + Number(kilobytes?.[1] ?? 0) * 1024;
  }, 0);
}
