import { Command } from 'commander';
import { askConsoleForText } from '../console-api.ts';
import { print } from '../print.ts';

/** `citibike logs demo-1-training 5` */
export function logsCommand(): Command {
  return new Command('logs')
    .description('Shows what a step of a run logged, attempt by attempt.')
    .argument('<run>', 'workflow id')
    .argument('<step>', 'id of the step, as `citibike runs RUN` lists it')
    .option('--run-id <id>', 'an earlier run of the same workflow id')
    .action(async (run: string, step: string, { runId }: { runId?: string }) => {
      const log = await askConsoleForText(`/api/runs/${encodeURIComponent(run)}/logs`, { step, runId });
      print(log.endsWith('\n') ? log : `${log}\n`);
    });
}
