import { Command } from 'commander';
import { connectClient } from '../../adapters/temporal/connect.ts';
import { loadSettings } from '../../settings.ts';
import { applySchedules, readSchedules } from '../schedules.ts';

export function schedulesCommand(): Command {
  const command = new Command('schedules').description('the schedules of inputs/schedules.yaml');
  command
    .command('apply')
    .description('create what is missing, update what differs')
    .action(async () => {
      const { client, connection } = await connectClient(loadSettings().temporal);
      try {
        for (const { id, outcome } of await applySchedules(client, await readSchedules())) {
          process.stdout.write(`${id}: ${outcome}\n`);
        }
      } finally {
        await connection.close();
      }
    });
  return command;
}
