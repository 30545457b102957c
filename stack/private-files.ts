/**
 * Restricts the stack's files to their owner: folders and programs 0700, files 0600. The supervisor's umask
 * covers new files and is inherited by its servers. `repairPermissions` fixes files from an earlier version
 * or another shell.
 */
import { chmodSync, chownSync, lstatSync, readdirSync, type Stats } from 'node:fs';
import path from 'node:path';
import type { Layout } from './stack-layout.ts';

const OTHERS = 0o077;

/** Sets the umask; call it before the first file is created. */
export function keepFilesPrivate(): void {
  process.umask(OTHERS);
}

/** Holds the folders that all instances share. They are large and do not change after their installation. */
const SHARED = ['bin', 'mlflow', 'node', 'bundle', 'compile-cache'];

/**
 * Restricts an instance and the shared folders. To save time, it skips shared folders that are already
 * restricted.
 */
export function repairPermissions(layout: Layout): void {
  closeEntry(layout.stack);
  for (const name of SHARED) {
    const folder = path.join(layout.stack, name);
    if (isOpen(own(folder))) closeFolder(folder);
  }
  closeFolder(layout.instance, (name) => SHARED.includes(name) || name.startsWith('offset-'));
}

/**
 * Removes the rights of group and others from a folder and everything below it. Skips links and files of
 * other accounts, because Postgres protects its own data.
 */
function closeFolder(folder: string, isLeftOut: (name: string) => boolean = () => false): void {
  if (!own(folder)) return;
  for (const entry of entriesOf(folder)) {
    const file = path.join(folder, entry.name);
    if (isLeftOut(entry.name)) continue;
    if (entry.isDirectory()) closeFolder(file);
    else if (entry.isFile()) closeEntry(file);
  }
  // The folder itself comes last: if it is still open, the repair did not finish.
  closeEntry(folder);
}

function closeEntry(file: string): void {
  const stat = own(file);
  if (stat && isOpen(stat)) chmodSync(file, stat.mode & 0o7700);
}

const isOpen = (stat: Stats | undefined): boolean => stat !== undefined && (stat.mode & OTHERS) !== 0;

/** Returns undefined if the file is missing, is a link, or belongs to another account. */
function own(file: string): Stats | undefined {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  return stat && !stat.isSymbolicLink() && stat.uid === process.getuid?.() ? stat : undefined;
}

/** Returns the entries of a folder; one that vanished meanwhile needs no repair. */
function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Lets a group traverse a folder without listing it. Requires root. */
export function letGroupThrough(folder: string, gid: number): void {
  chownSync(folder, -1, gid);
  chmodSync(folder, 0o710);
}
