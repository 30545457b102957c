/** Restores a backup: unpacks and checks it beside the data, and only then stops the stack and replaces the data. */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { stopInstance } from '../instance.ts';
import { withLock } from '../lock.ts';
import { keepFilesPrivate } from '../private-files.ts';
import type { ProcessRecord } from '../processes.ts';
import type { Layout } from '../stack-layout.ts';
import type { BackupFacts } from './backup-facts.ts';
import { ATTRIBUTES_NAME } from './entry-names.ts';
import { restoreAttributes } from './file-attributes.ts';
import { readArchive } from './read-archive.ts';
import { recoverData, replaceData } from './replace-data.ts';
import { nameInArchive, savedPaths } from './saved-entries.ts';

export interface RestoreOptions {
  readonly onWait: (holder: ProcessRecord) => void;
  /** Called when the backup is checked, before anything is stopped or replaced; throws to cancel. */
  readonly confirm: (facts: BackupFacts) => Promise<void>;
  readonly signal?: AbortSignal;
}

/**
 * Restores the data. The stack is down afterwards.
 * @throws CitibikeError STACK if the file is no backup that this version can restore; nothing is changed then.
 */
export async function restoreData(
  layout: Layout,
  file: string,
  options: RestoreOptions,
): Promise<BackupFacts> {
  keepFilesPrivate();
  return withLock(layout.lock, options.onWait, async () => {
    const unpacked = layout.restoring;
    recoverData(layout);
    try {
      const allowed = new Set([
        ATTRIBUTES_NAME,
        ...savedPaths(layout).map((saved) => nameInArchive(layout, saved)),
      ]);
      mkdirSync(unpacked, { recursive: true, mode: 0o700 });
      const facts = await readArchive(path.resolve(file), unpacked, allowed, options.signal);
      const attributes = path.join(unpacked, ATTRIBUTES_NAME);
      await restoreAttributes(layout, path.join(unpacked, path.basename(layout.data)), attributes);
      rmSync(attributes);
      await options.confirm(facts);
      await stopInstance(layout);
      replaceData(layout, unpacked);
      return facts;
    } finally {
      rmSync(unpacked, { recursive: true, force: true });
    }
  });
}
