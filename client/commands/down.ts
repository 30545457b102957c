import { Command } from 'commander';
import { loadSettings } from '../../settings.ts';
import { stopInstance } from '../../stack/instance.ts';
import { layoutOf } from '../../stack/stack-layout.ts';
import { withLock } from '../../stack/lock.ts';
import { print } from '../print.ts';

export function downCommand(): Command {
  return new Command('down').description('Stops the local stack and keeps its data.').action(async () => {
    const layout = layoutOf(loadSettings());
    const waiting = ({ pid }: { pid: number }): void =>
      say(`waiting for another citibike command, pid ${pid}`);
    const ran = await withLock(layout.lock, waiting, () => stopInstance(layout));
    say(ran ? 'The stack is down; its data is kept.' : 'The stack was not running.');
  });
}

function say(line: string): void {
  print(`${line}\n`);
}
