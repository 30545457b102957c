import { Command } from 'commander';
import { connectClient } from '../../adapters/temporal/temporal-connection.ts';
import { loadSettings } from '../../settings.ts';
import { auditedCommand } from '../audited-command.ts';
import { askConsole } from '../console-api.ts';
import { applySchedules, readSchedules } from '../apply-schedules.ts';
import { table } from '../table-text.ts';
import { print } from '../print.ts';

interface ScheduleFacts {
  readonly id: string;
  readonly workflow: string;
  readonly paused: boolean;
  readonly spec: string;
  readonly timezone: string | null;
  /** ISO 8601 */
  readonly next: readonly string[];
  readonly recent: readonly { readonly at: string; readonly workflowId: string | null }[];
}

/** `citibike schedules`, `citibike schedules apply` */
export function schedulesCommand(): Command {
  const command = new Command('schedules')
    .description('Lists the schedules: what they start, when next, and the newest run of each.')
    .option('--json', "print the console's answer as JSON")
    .addHelpText(
      'after',
      '\nTrigger, pause and backfill a schedule in the console, or with `temporal schedule`, one change at a time.',
    )
    .action(list);
  command
    .command('apply')
    .description('Creates schedules of inputs/schedules.yaml that are missing and updates those that differ.')
    .action(apply);
  return command;
}

async function list({ json = false }: { json?: boolean }): Promise<void> {
  const { items } = await askConsole<{ items: ScheduleFacts[] | null }>('/api/schedules');
  if (json) return print(`${JSON.stringify(items, null, 2)}\n`);
  const rows = (items ?? []).map((schedule) => [
    schedule.id,
    schedule.workflow,
    schedule.paused ? 'paused' : 'active',
    [schedule.spec, schedule.timezone].filter(Boolean).join(' '),
    schedule.next[0]?.slice(0, 16).replace('T', ' ') ?? '',
    schedule.recent.at(-1)?.workflowId ?? '',
  ]);
  print(table(['schedule', 'starts', 'state', 'when', 'next (UTC)', 'newest run'], rows));
}

async function apply(): Promise<void> {
  const settings = loadSettings();
  const schedules = await readSchedules();
  const { client, connection } = await connectClient(settings.temporal);
  try {
    const target = Object.keys(schedules).join(', ');
    const outcomes = await auditedCommand(
      settings,
      { action: 'citibike schedules apply', target, detail: schedules },
      () => applySchedules(client, schedules),
    );
    for (const { id, outcome } of outcomes) print(`${id}: ${outcome}\n`);
  } finally {
    await connection.close();
  }
}
