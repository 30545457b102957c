/**
 * Names files and folders in a shared temporary folder after their host and process. A process can then distinguish leftovers of
 * a killed process from files in use.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** Returns `{key}.{host}.{pid}.{random}`, which is unique to this process. */
export function ownedName(key: string): string {
  return `${key}.${safeHost()}.${process.pid}.${randomBytes(4).toString('hex')}`;
}

/** Checks whether a name has this key and this host. */
export function isNamed(name: string, key: string): boolean {
  return name.startsWith(`${key}.${safeHost()}.`);
}

/**
 * Checks whether another live process owns the name. Returns false for this process's id: callers know their own names, and the
 * first process of a container has the same id after every restart.
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
