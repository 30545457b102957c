/**
 * Processes of this machine: from /proc on Linux, where small images have no `ps`, else from `ps`. A process is known by its
 * pid and its start, so that a pid given to another process since is never taken for ours.
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
    // It ended meanwhile, or belongs to another user.
    return undefined;
  }
}

let bootId: string | undefined;

/** The identity holds the boot, because start times count from it. */
function linuxProcess(pid: number): ProcessInfo | undefined {
  const stat = readProc(pid, 'stat');
  if (!stat) return undefined;
  // "pid (name) state ppid pgrp ..."; the name may hold spaces and brackets. Field 22 is the start, see proc_pid_stat(5).
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
    // ps exits with 1 when nothing matches.
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

/** Undefined when no such process runs; one that has ended but was not yet waited for counts as ended. */
export function processInfo(pid: number): ProcessInfo | undefined {
  return LINUX ? linuxProcess(pid) : psProcesses(['-p', String(pid)])[0];
}

export function allProcesses(): ProcessInfo[] {
  if (!LINUX) return psProcesses(['-ax']);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => linuxProcess(Number(name)) ?? []);
}

/** `roots` and everything they started that still hangs on them. */
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

/** Processes whose environment holds NAME=value. Linux only: elsewhere a process' environment is not to be read. */
export function processesWithEnvironment(name: string, value: string): ProcessInfo[] {
  if (!LINUX) return [];
  const wanted = `${name}=${value}`;
  return allProcesses().filter(({ pid }) => readProc(pid, 'environ')?.split('\0').includes(wanted));
}

/** Bytes of memory; shared pages are divided among those that share them where Linux tells (PSS), else counted in full. */
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
