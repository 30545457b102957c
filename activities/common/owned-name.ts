/**
 * Names of files and folders in a shared temporary folder that say which process of which machine they belong to, so that what a killed
 * process has left is told from what another one is working on.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** `{key}.{host}.{pid}.{random}`: of this process alone. */
export function ownedName(key: string): string {
  return `${key}.${safeHost()}.${process.pid}.${randomBytes(4).toString('hex')}`;
}

/** Whether a name was made on this machine with this key. */
export function isNamed(name: string, key: string): boolean {
  return name.startsWith(`${key}.${safeHost()}.`);
}

/**
 * Whether a process that still runs may be working on it. One that bears our own id is of an earlier life, unless we know it: a
 * container's first process has the same id after every restart.
 */
export function isOfOtherProcess(name: string): boolean {
  const pid = Number(name.split('.').at(-2));
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function safeHost(): string {
  return hostname().replaceAll(/[^A-Za-z0-9-]/g, '-');
}
