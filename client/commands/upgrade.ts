import { Command } from 'commander';
import { loadSettings } from '../../settings.ts';
import { assertBackupTarget, writeBackup } from '../../stack/backup/write-backup.ts';
import { stopInstance } from '../../stack/instance.ts';
import { assertCanOpen, productVersion, recordedVersion } from '../../stack/instance-version.ts';
import { withLock } from '../../stack/lock.ts';
import { layoutOf } from '../../stack/stack-layout.ts';
import { print } from '../print.ts';
import { noteWaiting } from '../while-down.ts';
import { up } from './up.ts';

/** `git pull && npm ci && citibike upgrade --backup /backups/before.tar.zst` */
export function upgradeCommand(): Command {
  return new Command('upgrade')
    .description(
      'Moves the data of the local stack to this version: stops the stack, migrates the database and starts everything. Data of a newer version are rejected.',
    )
    .option(
      '--backup <file>',
      'save the data in this new file first; an older version cannot open migrated data',
    )
    .action(upgrade);
}

async function upgrade({ backup }: { backup?: string }): Promise<void> {
  const layout = layoutOf(loadSettings());
  assertCanOpen(layout);
  if (backup !== undefined) assertBackupTarget(layout, backup);
  const before = recordedVersion(layout);
  await withLock(layout.lock, noteWaiting, async () => {
    await stopInstance(layout);
    if (backup === undefined) return;
    await writeBackup(layout, backup);
    print(`Saved the data in ${backup}.\n`);
  });
  await up({});
  const ours = productVersion();
  print(
    before === undefined || before === ours
      ? `The stack runs version ${ours}.\n`
      : `The stack is upgraded from version ${before} to ${ours}.\n`,
  );
}
