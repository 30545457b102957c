/** Replaces the data of an instance by unpacked ones. The old data stay until the new ones are in place. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { adoptPostgres, isOwnFolder, outsideFolder } from '../postgres-home.ts';
import type { Layout } from '../stack-layout.ts';
import { ATTRIBUTES_NAME } from './entry-names.ts';
import { savedPaths } from './saved-entries.ts';

/** Marks that all old data are aside, so that whatever is in their place is new. */
const ALL_ASIDE = 'all-aside';

/**
 * Moves the old data aside and the new data into place. Call it under the lock, after `recoverData`, while no
 * process of the instance runs.
 * @param unpacked folder on the same file system, with the entries of a backup.
 */
export function replaceData(layout: Layout, unpacked: string): void {
  const keptOutside = keptOutsideOf(layout);
  mkdirSync(layout.beforeRestore, { mode: 0o700 });
  try {
    for (const file of replacedPaths(layout))
      if (existsSync(file)) renameSync(file, path.join(layout.beforeRestore, path.basename(file)));
    if (isOwnFolder(outsideFolder(layout))) renameSync(outsideFolder(layout), keptOutside);
    writeFileSync(path.join(layout.beforeRestore, ALL_ASIDE), '');
    for (const name of readdirSync(unpacked))
      renameSync(path.join(unpacked, name), path.join(layout.instance, name));
    adoptPostgres(layout);
  } catch (error) {
    undoReplacement(layout);
    throw error;
  }
  // The rename decides: from here on the new data count, even if the deletion is interrupted.
  renameSync(layout.beforeRestore, layout.replaced);
  removeReplaced(layout);
}

/**
 * Repairs what a killed backup or restore left: brings the old data back after a replacement that did not finish, and deletes
 * copies that are no longer needed. Call it under the lock.
 * @returns whether old data are back.
 */
export function recoverData(layout: Layout): boolean {
  const isBack = undoReplacement(layout);
  removeReplaced(layout);
  rmSync(layout.restoring, { recursive: true, force: true });
  rmSync(path.join(layout.instance, ATTRIBUTES_NAME), { force: true });
  return isBack;
}

function removeReplaced(layout: Layout): void {
  rmSync(layout.replaced, { recursive: true, force: true });
  const keptOutside = keptOutsideOf(layout);
  if (isOwnFolder(keptOutside)) rmSync(keptOutside, { recursive: true });
}

/** @returns whether there were old data. */
function undoReplacement(layout: Layout): boolean {
  if (!existsSync(layout.beforeRestore)) return false;
  const outside = outsideFolder(layout);
  const allAside = path.join(layout.beforeRestore, ALL_ASIDE);
  if (existsSync(allAside)) {
    for (const file of [...replacedPaths(layout), ...(isOwnFolder(outside) ? [outside] : [])])
      rmSync(file, { recursive: true, force: true });
    // Otherwise a second attempt would take old data that are back for new ones.
    rmSync(allAside);
  }
  for (const file of replacedPaths(layout)) {
    const kept = path.join(layout.beforeRestore, path.basename(file));
    if (existsSync(kept)) renameSync(kept, file);
  }
  const keptOutside = keptOutsideOf(layout);
  if (isOwnFolder(keptOutside)) renameSync(keptOutside, outside);
  rmSync(layout.beforeRestore, { recursive: true });
  return true;
}

/** The settings file goes too, because it has the old passwords; the next start writes it. */
const replacedPaths = (layout: Layout): string[] => [...savedPaths(layout), layout.environment];

const keptOutsideOf = (layout: Layout): string => `${outsideFolder(layout)}-before-restore`;
