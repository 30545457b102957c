import { Command } from 'commander';
import { loadSettings } from '../../settings.ts';
import { layoutOf } from '../../stack/stack-layout.ts';
import { resetInstance } from '../../stack/reset.ts';
import { confirm } from '../confirm.ts';
import { print } from '../print.ts';

export function resetCommand(): Command {
  return new Command('reset')
    .description(
      'Stops the local stack and deletes its data: databases, objects, workflow histories, logs, passwords.',
    )
    .option('--yes', 'delete without asking')
    .action(async ({ yes }: { yes?: boolean }) => {
      const layout = layoutOf(loadSettings());
      if (!yes)
        await confirm(`Delete all data of the stack in ${layout.instance}?`, "'citibike reset --yes'");
      const removed = await resetInstance(layout);
      const what = removed.map((folder) => `  ${folder}\n`).join('');
      print(removed.length > 0 ? `Wiped:\n${what}` : 'There was nothing to delete.\n');
    });
}
