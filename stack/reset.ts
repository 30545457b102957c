/** Deletes the data of an instance; installed software stays. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { recoverData } from './backup/replace-data.ts';
import { savedPaths } from './backup/saved-entries.ts';
import { stopInstance } from './instance.ts';
import type { Layout } from './stack-layout.ts';
import { withLock } from './lock.ts';
import { isOwnFolder, outsideFolder } from './postgres-home.ts';

/**
 * Deletes the data.
 * @returns the folders and files that were deleted.
 */
export async function resetInstance(layout: Layout): Promise<string[]> {
  return withLock(
    layout.lock,
    () => undefined,
    async () => {
      await stopInstance(layout);
      recoverData(layout);
      const outside = outsideFolder(layout);
      const targets = [
        ...[layout.logs, layout.state, layout.desiredServices, layout.environment],
        ...savedPaths(layout).filter((saved) => saved !== layout.credentials),
        ...(isOwnFolder(outside) ? [outside] : []),
        layout.credentials,
      ].filter((target) => existsSync(target));
      // The passwords are deleted last, because existing data need them.
      for (const target of targets) rmSync(target, { recursive: true, force: true });
      return targets;
    },
  ).finally(() => removeIfEmpty(layout.instance));
}

/** Removes the folder of an offset, which contained only deleted data. */
function removeIfEmpty(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
}
