import { Command, InvalidArgumentError } from 'commander';
import { recordedDecisions, type RecordedDecision } from '../../adapters/postgres/drift-decisions.ts';
import { Database } from '../../adapters/postgres/database.ts';
import { checkedDate } from '../../contracts/checked-dates.ts';
import { loadSettings } from '../../settings.ts';
import { print } from '../print.ts';

interface DecisionsOptions {
  readonly month?: string;
  readonly model?: string;
  readonly limit: number;
  readonly json?: boolean;
}

/** `citibike decisions --month 2025-03` shows why a model was retrained in March. */
export function decisionsCommand(): Command {
  return new Command('decisions')
    .description('Shows what drift checks decided, why, and what followed, the newest months first.')
    .option('--month <YYYY-MM>', 'only checks that end in this month')
    .option('--model <name>', 'registered model; default: all')
    .option('--limit <count>', 'maximum number of decisions', countArgument, 20)
    .option('--json', 'print JSON')
    .action(decisions);
}

async function decisions({ month, model, limit, json }: DecisionsOptions): Promise<void> {
  if (month !== undefined) checkedDate('month', '--month', month);
  const database = new Database(loadSettings().databaseUrl);
  try {
    const rows = await recordedDecisions(database, { month, model, limit });
    const none = `no drift check${month ? ` of ${month}` : ''} is recorded; run one with 'citibike run monitoring --input FILE'\n`;
    const text = rows.length === 0 ? none : `${rows.map(textOf).join('\n')}`;
    print(json ? `${JSON.stringify(rows, null, 2)}\n` : text);
  } finally {
    await database.close();
  }
}

function textOf(row: RecordedDecision): string {
  const { model, model_version: version, system, drifted_weeks: drifted, weeks } = row;
  return [
    `${row.month}  ${row.decision.toUpperCase()}  ${model} version ${version}, ${system}`,
    `  ${row.current_from} to ${row.current_to} against ${row.reference_from} to ${row.reference_to}, ${drifted} of ${weeks} weeks drifted${row.with_trips ? '' : '; the trips were not published'}`,
    ...row.reasons.map((reason) => `  - ${reason}`),
    ...(row.retraining ? [`  ${retrainingText(row)}`] : []),
    `  ${row.html_uri}`,
    '',
  ].join('\n');
}

function retrainingText(row: RecordedDecision): string {
  const { retraining, candidate, heir, retraining_reason: reason, retraining_workflow: workflow } = row;
  const versions = [
    ...(candidate ? [`version ${candidate}`] : []),
    ...(heir ? [`then version ${heir}, its refit`] : []),
  ];
  return `retraining ${retraining}${versions.length > 0 ? ` (${versions.join(', ')})` : ''} by ${workflow}${reason ? `: ${reason}` : ''}`;
}

function countArgument(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('Expected an integer from 1.');
  return count;
}
