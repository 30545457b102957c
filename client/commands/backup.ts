import { statSync } from 'node:fs';
import type { Client } from '@temporalio/client';
import { Command } from 'commander';
import { connectClient } from '../../adapters/temporal/temporal-connection.ts';
import { messageOf } from '../../contracts/errors.ts';
import { loadSettings, type Settings } from '../../settings.ts';
import { assertBackupTarget, writeBackup } from '../../stack/backup/write-backup.ts';
import { stopInstance } from '../../stack/instance.ts';
import { withLock } from '../../stack/lock.ts';
import { layoutOf } from '../../stack/stack-layout.ts';
import { pauseSchedules, resumeSchedules } from '../paused-schedules.ts';
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
    await onTemporal(settings, (client) => pauseSchedules(client, layout.pausedSchedules));
    return withLock(layout.lock, noteWaiting, async () => {
      if (await stopInstance(layout)) print('The stack is down for the backup.\n');
      const saved = await writeBackup(layout, file, signal);
      const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
      print(
        `Saved ${saved.entries} files and folders (${megabytes(saved.bytes)} MB) in ${file} (${megabytes(statSync(file).size)} MB).\n`,
      );
      return saved;
    });
    // The start of Temporal resumes them, unless the backup failed before it stopped anything.
  }).finally(() => onTemporal(settings, (client) => resumeSchedules(client, layout.pausedSchedules)));
  print(`'citibike restore ${file}' restores the state of ${facts.createdAt}.\n`);
}

/** Changes the schedules if Temporal runs. A failure does not end the backup, because nothing starts runs while the stack is down. */
async function onTemporal(settings: Settings, change: (client: Client) => Promise<unknown>): Promise<void> {
  if (!runningServices(layoutOf(settings))?.includes('temporal')) return;
  try {
    const { client, connection } = await connectClient(settings.temporal);
    try {
      await change(client);
    } finally {
      await connection.close();
    }
  } catch (error) {
    printNote(`warning: the schedules were not changed: ${messageOf(error)}\n`);
  }
}
