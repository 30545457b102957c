import readline from 'node:readline/promises';
import { Command } from 'commander';
import { CitibikeError } from '../../contracts/errors.ts';
import { loadSettings } from '../../settings.ts';
import { layoutOf } from '../../stack/stack-layout.ts';
import { resetInstance } from '../../stack/reset.ts';
import { print } from '../print.ts';

export function resetCommand(): Command {
  return new Command('reset')
    .description(
      'Stops the local stack and deletes its data: databases, objects, workflow histories, logs, passwords.',
    )
    .option('--yes', 'delete without asking')
    .action(async ({ yes }: { yes?: boolean }) => {
      const layout = layoutOf(loadSettings());
      if (!yes) await confirm(layout.instance);
      const removed = await resetInstance(layout);
      const what = removed.map((folder) => `  ${folder}\n`).join('');
      print(removed.length > 0 ? `Wiped:\n${what}` : 'There was nothing to delete.\n');
    });
}

async function confirm(folder: string): Promise<void> {
  if (!process.stdin.isTTY)
    throw new CitibikeError(
      'STACK',
      "reset deletes all data of the stack: confirm with 'citibike reset --yes'",
    );
  const ask = readline.createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await ask.question(`Delete all data of the stack in ${folder}? [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) throw new CitibikeError('STACK', 'nothing was deleted');
  } finally {
    ask.close();
  }
}
