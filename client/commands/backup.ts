import { statSync } from 'node:fs';
import { Command } from 'commander';
import { connectClient } from '../../adapters/temporal/temporal-connection.ts';
import { messageOf } from '../../contracts/errors.ts';
import { loadSettings, type Settings } from '../../settings.ts';
import { assertBackupTarget, writeBackup } from '../../stack/backup/write-backup.ts';
import { stopInstance } from '../../stack/instance.ts';
import { withLock } from '../../stack/lock.ts';
import { layoutOf } from '../../stack/stack-layout.ts';
import { pauseSchedules } from '../paused-schedules.ts';
import { print, printNote } from '../print.ts';
import { noteWaiting, restartedAfter, runningServices } from '../while-down.ts';

/** `citibike backup /backups/citibike-2026-11.tar.zst` */
export function backupCommand(): Command {
  return new Command('backup')
    .description(
      'Saves the data of the local stack in one file: pauses the schedules, stops the stack, and starts it again. A stack that is down stays down.',
    )
    .argument('<file>', 'new file, such as citibike.tar.zst; it holds passwords, and only you can read it')
    .action(backup);
}

async function backup(file: string): Promise<void> {
  const settings = loadSettings();
  const layout = layoutOf(settings);
  assertBackupTarget(layout, file);
  const facts = await restartedAfter(async (signal) => {
    if (runningServices(layout)?.includes('temporal')) await pause(settings);
    return withLock(layout.lock, noteWaiting, async () => {
      if (await stopInstance(layout)) print('The stack is down for the backup.\n');
      const saved = await writeBackup(layout, file, signal);
      const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
      print(
        `Saved ${saved.entries} files and folders (${megabytes(saved.bytes)} MB) in ${file} (${megabytes(statSync(file).size)} MB).\n`,
      );
      return saved;
    });
  });
  print(`'citibike restore ${file}' restores the state of ${facts.createdAt}.\n`);
}

/** Pauses the schedules. A backup without Temporal is possible, because nothing starts runs while the stack is down. */
async function pause(settings: Settings): Promise<void> {
  try {
    const { client, connection } = await connectClient(settings.temporal);
    try {
      await pauseSchedules(client, layoutOf(settings).pausedSchedules);
    } finally {
      await connection.close();
    }
  } catch (error) {
    printNote(`warning: the schedules were not paused: ${messageOf(error)}\n`);
  }
}
