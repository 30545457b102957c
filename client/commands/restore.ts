import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { loadSettings } from '../../settings.ts';
import { restoreData } from '../../stack/backup/restore-data.ts';
import { layoutOf } from '../../stack/stack-layout.ts';
import { confirm } from '../confirm.ts';
import { print } from '../print.ts';
import { noteWaiting, restartedAfter } from '../while-down.ts';

/** `citibike restore /backups/citibike-2026-11.tar.zst` */
export function restoreCommand(): Command {
  return new Command('restore')
    .description(
      'Replaces the data of the local stack by those of a backup, after it has checked every file in it. A running stack is stopped and started again; a stack that is down stays down.',
    )
    .argument('<file>', "file of 'citibike backup'")
    .option('--yes', 'replace existing data without asking')
    .action(restore);
}

async function restore(file: string, { yes = false }: { yes?: boolean }): Promise<void> {
  const layout = layoutOf(loadSettings());
  const facts = await restartedAfter((signal) =>
    restoreData(layout, file, {
      onWait: noteWaiting,
      signal,
      confirm: async ({ createdAt, product, entries }) => {
        print(`The backup is complete: ${entries} files and folders of version ${product}, ${createdAt}.\n`);
        if (!yes && existsSync(layout.data))
          await confirm(
            `Replace all data of the stack in ${layout.instance}?`,
            `'citibike restore ${file} --yes'`,
          );
      },
    }),
  );
  print(`The data are those of ${facts.createdAt}. 'citibike up' starts a stack that is down.\n`);
}
