import { existsSync } from 'node:fs';
import { Command, Option } from 'commander';
import { CitibikeError } from '../../contracts/errors.ts';
import { loadSettings } from '../../settings.ts';
import { followLog } from '../../stack/follow-log.ts';
import { SERVICE_NAMES } from '../../stack/service.ts';
import { logFile } from '../../stack/service-logs.ts';
import { layoutOf } from '../../stack/stack-layout.ts';
import { print } from '../print.ts';
import { printRunLogs } from '../run-logs.ts';

interface LogsOptions {
  readonly runId?: string;
  readonly service?: string;
  readonly follow?: boolean;
  readonly lines: string;
}

/** `citibike logs demo-1 training.train --follow`, `citibike logs --service worker --follow` */
export function logsCommand(): Command {
  return new Command('logs')
    .description(
      'Shows what the steps of a run logged, in order of time, or what a service of the stack wrote.',
    )
    .argument('[run]', 'workflow id')
    .argument('[step]', 'id or name of a step, such as 5, trainModel, train or training.train; default: all')
    .option('--run-id <id>', 'an earlier run of the same workflow id')
    .addOption(new Option('--service <name>', 'log of a service').choices([...SERVICE_NAMES, 'supervisor']))
    .option(
      '--follow',
      'continue with new lines until the run ends, or until Ctrl-C; exit with 1 if the run failed',
    )
    .option('--lines <n>', 'for a service: number of lines from the end', '100')
    .addHelpText(
      'after',
      '\nExamples:\n  citibike logs demo-1 --follow\n  citibike logs demo-1 training.train --follow\n  citibike logs --service worker --follow',
    )
    .action(async (run: string | undefined, step: string | undefined, options: LogsOptions) => {
      if ((run === undefined) === (options.service === undefined))
        throw new CitibikeError('INVALID_INPUT', 'logs: name either a run or a --service');
      if (options.service !== undefined) return printServiceLog(options.service, options);
      return printRunLogs(run!, step, options);
    });
}

async function printServiceLog(service: string, { lines, follow = false }: LogsOptions): Promise<void> {
  if (!/^\d{1,6}$/.test(lines))
    throw new CitibikeError('INVALID_INPUT', `--lines: got ${lines}, expected a number of up to 6 digits`);
  const file = logFile(layoutOf(loadSettings()).logs, service);
  if (!follow && !existsSync(file))
    throw new CitibikeError('SOURCE_NOT_FOUND', `${file} does not exist; 'citibike up' starts ${service}`);
  for await (const text of followLog(file, { lines: Number(lines), follow })) print(text);
}
