import { Command } from 'commander';
import { loadSettings } from '../../settings.ts';
import { stopInstance } from '../../stack/instance.ts';
import { assertCanOpen, productVersion, recordedVersion } from '../../stack/instance-version.ts';
import { withLock } from '../../stack/lock.ts';
import { layoutOf } from '../../stack/stack-layout.ts';
import { print } from '../print.ts';
import { noteWaiting } from '../while-down.ts';
import { up } from './up.ts';

/** `git pull && npm ci && citibike upgrade` */
export function upgradeCommand(): Command {
  return new Command('upgrade')
    .description(
      'Moves the data of the local stack to this version: stops the stack, migrates the database and starts everything. Data of a newer version are rejected.',
    )
    .addHelpText(
      'after',
      "\nBack up first: 'citibike backup FILE'. A newer version's data cannot be opened by an older one.",
    )
    .action(upgrade);
}

async function upgrade(): Promise<void> {
  const layout = layoutOf(loadSettings());
  assertCanOpen(layout);
  const before = recordedVersion(layout);
  await withLock(layout.lock, noteWaiting, () => stopInstance(layout));
  await up({});
  const ours = productVersion();
  print(
    before === undefined || before === ours
      ? `The stack runs version ${ours}.\n`
      : `The stack is upgraded from version ${before} to ${ours}.\n`,
  );
}
