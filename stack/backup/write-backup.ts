/** Saves the data of a stopped stack in one file. */
import { existsSync, lstatSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { CitibikeError } from '../../contracts/errors.ts';
import type { Layout } from '../stack-layout.ts';
import { newBackupFacts, type BackupFacts } from './backup-facts.ts';
import { ATTRIBUTES_NAME } from './entry-names.ts';
import { saveAttributes } from './file-attributes.ts';
import { recoverData } from './replace-data.ts';
import { savedEntries, savedPaths } from './saved-entries.ts';
import { writeArchive } from './write-archive.ts';

/**
 * Checks the target of a backup, before the stack is stopped for it.
 * @throws CitibikeError INVALID_INPUT
 */
export function assertBackupTarget(layout: Layout, file: string): void {
  const fault = (what: string) => new CitibikeError('INVALID_INPUT', `${file}: ${what}`);
  if (lstatSync(file, { throwIfNoEntry: false })) throw fault('exists already; choose another name');
  const folder = path.dirname(path.resolve(file));
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw fault(`its folder ${folder} does not exist; create it first`);
  const isInside = (saved: string): boolean => !path.relative(saved, folder).startsWith('..');
  if (savedPaths(layout).some(isInside))
    throw fault('lies in the data that it would hold; choose a folder outside');
}

/**
 * Writes the backup. Call it under the lock of the instance, while no process of it runs.
 * @throws CitibikeError STACK if there are no data.
 */
export async function writeBackup(layout: Layout, file: string, signal?: AbortSignal): Promise<BackupFacts> {
  recoverData(layout);
  if (!existsSync(layout.data))
    throw new CitibikeError(
      'STACK',
      `${layout.instance} has no data to save; start the stack with 'citibike up'`,
    );
  const attributes = path.join(layout.instance, ATTRIBUTES_NAME);
  try {
    await saveAttributes(layout, attributes);
    const { size, mtime } = statSync(attributes);
    const entries = [
      ...savedEntries(layout),
      { name: ATTRIBUTES_NAME, file: attributes, isFolder: false, bytes: size, modifiedAt: mtime },
    ];
    const facts = newBackupFacts(
      entries.length,
      entries.reduce((sum, { bytes }) => sum + bytes, 0),
    );
    await writeArchive(path.resolve(file), facts, entries, signal);
    return facts;
  } finally {
    rmSync(attributes, { force: true });
  }
}
