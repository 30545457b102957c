import { setTimeout as sleep } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { checkedDate } from '../../contracts/checked-dates.ts';
import { askConsole } from '../console-api.ts';
import { runDetailText, runTable, type RunDetailFacts, type RunFacts } from '../run-text.ts';
import { systemOption } from '../system-option.ts';
import { print } from '../print.ts';

const STATES = ['running', 'completed', 'failed', 'cancelled', 'terminated', 'timed-out', 'continued'];
const FOLLOW_MS = 1_000;

interface RunsOptions {
  readonly type?: string;
  readonly state?: string;
  readonly system?: string;
  readonly month?: string;
  readonly model?: string;
  readonly limit: string;
  readonly follow?: boolean;
  readonly json?: boolean;
}

/** `citibike runs --state failed`, `citibike runs demo-1 --follow` */
export async function runsCommand(): Promise<Command> {
  return new Command('runs')
    .description('Lists runs, newest first, or shows one: its steps, attempts, and why it failed.')
    .argument('[run]', 'workflow id')
    .option('--type <type>', 'only runs of one workflow, such as training')
    .addOption(new Option('--state <state>', 'only runs in this state').choices(STATES))
    .addOption(await systemOption('only runs of this system'))
    .option('--month <month>', 'only runs whose months include this one, YYYY-MM')
    .option('--model <version>', 'only runs that created this version or moved an alias to it')
    .option('--limit <n>', 'number of runs, at most 200', '20')
    .option('--follow', 'for one run: refresh until it ends; exit with 1 if it failed')
    .option('--json', "print the console's answer as JSON")
    .addHelpText(
      'after',
      '\nExamples:\n  citibike runs --type training --state failed\n  citibike runs demo-1 --follow\n  citibike logs demo-1-training 5',
    )
    .action(async (run: string | undefined, options: RunsOptions) =>
      run === undefined ? list(options) : show(run, options),
    );
}

async function list({ follow: _follow, json, ...query }: RunsOptions): Promise<void> {
  if (query.month !== undefined) checkedDate('month', '--month', query.month);
  const page = await askConsole<{ items: RunFacts[] }>('/api/runs', { ...query });
  print(json ? `${JSON.stringify(page.items, null, 2)}\n` : runTable(page.items));
}

async function show(workflowId: string, { follow = false, json = false }: RunsOptions): Promise<void> {
  let shown = '';
  for (;;) {
    const detail = await askConsole<RunDetailFacts>(`/api/runs/${encodeURIComponent(workflowId)}`);
    const text = json ? `${JSON.stringify(detail, null, 2)}\n` : runDetailText(detail);
    const { state } = detail.run;
    const isOver = state !== 'running' && state !== 'continued';
    // JSON output is one document, so only the last state is printed.
    if (!json || !follow || isOver) {
      if (text !== shown) print(text);
      shown = text;
    }
    if (!follow || isOver) {
      if (follow && state !== 'completed') process.exitCode = 1;
      return;
    }
    await sleep(FOLLOW_MS);
  }
}
