/**
 * Keeps the stack's files to their owner: folders and programs 0700, files 0600. New ones follow from the umask of the supervisor, which
 * its servers inherit; `repairPermissions` closes what an earlier version or another shell left open.
 */
import { chmodSync, chownSync, lstatSync, readdirSync, type Stats } from 'node:fs';
import path from 'node:path';
import type { Layout } from './layout.ts';

const OTHERS = 0o077;

/** Call it before the first file is made. */
export function keepFilesPrivate(): void {
  process.umask(OTHERS);
}

/** What the stack keeps beside its instances: large, and complete once it is there. */
const SHARED = ['bin', 'mlflow', 'node', 'bundle', 'compile-cache'];

/** Closes all of an instance and what it shares with others. Shared folders are entered only while they are open themselves. */
export function repairPermissions(layout: Layout): void {
  closeEntry(layout.stack);
  for (const name of SHARED) {
    const folder = path.join(layout.stack, name);
    if (isOpen(own(folder))) closeFolder(folder);
  }
  closeFolder(layout.instance, (name) => SHARED.includes(name) || name.startsWith('offset-'));
}

/**
 * Takes the rights of group and others from a folder and all below it. Leaves links alone, and what another account owns: Postgres keeps
 * its data private by itself.
 */
function closeFolder(folder: string, isLeftOut: (name: string) => boolean = () => false): void {
  if (!own(folder)) return;
  for (const entry of entriesOf(folder)) {
    const file = path.join(folder, entry.name);
    if (isLeftOut(entry.name)) continue;
    if (entry.isDirectory()) closeFolder(file);
    else if (entry.isFile()) closeEntry(file);
  }
  // Last: an open folder tells that its repair was not finished.
  closeEntry(folder);
}

function closeEntry(file: string): void {
  const stat = own(file);
  if (stat && isOpen(stat)) chmodSync(file, stat.mode & 0o7700);
}

const isOpen = (stat: Stats | undefined): boolean => stat !== undefined && (stat.mode & OTHERS) !== 0;

/** Undefined when it is gone, a link, or somebody else's. */
function own(file: string): Stats | undefined {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  return stat && !stat.isSymbolicLink() && stat.uid === process.getuid?.() ? stat : undefined;
}

/** A file that vanishes meanwhile needs no repair. */
function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Lets a group pass through a folder without seeing what is in it. Only root can. */
export function letGroupThrough(folder: string, gid: number): void {
  chownSync(folder, -1, gid);
  chmodSync(folder, 0o710);
}
