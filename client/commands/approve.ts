import type { Client } from '@temporalio/client';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { Command } from 'commander';
import { connectClient } from '../../adapters/temporal/temporal-connection.ts';
import type { ApprovalDecision } from '../../contracts/approval.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import { loadSettings } from '../../settings.ts';
import { auditedCommand } from '../audited-command.ts';
import { failureMessage, progressOf } from '../start.ts';
import { print } from '../print.ts';

interface ApproveOptions {
  readonly reject?: boolean;
  readonly reason?: string;
  readonly by?: string;
  readonly list?: boolean;
}

interface Waiting {
  readonly workflowId: string;
  readonly what: string;
}

/** `citibike approve`, `citibike approve training-2025-02-01 --reject --reason "wait for March"` */
export function approveCommand(): Command {
  return new Command('approve')
    .description('Approves or rejects a promotion that waits for a person.')
    .argument('[workflow-id]', 'workflow id of the training that waits; default: the only one')
    .option('--reject', 'reject the promotion')
    .option('--reason <text>', "reason, added to the version's description")
    .option('--by <name>', 'who decides; default: the name of CITIBIKE_TOKEN, or the OS user')
    .option('--list', 'only list the promotions that wait')
    .action(async (workflowId: string | undefined, options: ApproveOptions) => approve(workflowId, options));
}

async function approve(workflowId: string | undefined, options: ApproveOptions): Promise<void> {
  const settings = loadSettings();
  const { client, connection } = await connectClient(settings.temporal);
  try {
    const waiting = workflowId && !options.list ? [] : await waitingForApproval(client);
    if (options.list) {
      print(waiting.length > 0 ? linesOf(waiting) : 'no promotion waits for approval\n');
      return;
    }
    const target = workflowId ?? onlyOne(waiting).workflowId;
    const { reject = false, reason } = options;
    await auditedCommand(
      settings,
      { action: 'citibike approve', target, detail: { approve: !reject, reason } },
      ({ name }) => decide(client, target, { by: name, ...options }),
    );
  } finally {
    await connection.close();
  }
}

async function decide(
  client: Client,
  workflowId: string,
  options: ApproveOptions & { readonly by: string },
): Promise<void> {
  const { reject, reason, by } = options;
  const decision: ApprovalDecision = { approve: !reject, by, reason };
  try {
    const { version } = await client.workflow
      .getHandle(workflowId)
      .executeUpdate<{ version: string }, [ApprovalDecision]>('approvePromotion', { args: [decision] });
    print(`version ${version} ${reject ? 'rejected' : 'approved'} (workflow ${workflowId})\n`);
  } catch (error) {
    const why =
      error instanceof WorkflowUpdateFailedError ? failureMessage(error.cause) : failureMessage(error);
    throw new CitibikeError(
      'INVALID_INPUT',
      `${workflowId} did not accept the decision: ${why}. citibike approve --list shows what waits`,
      {},
      { cause: error },
    );
  }
}

/** Lists waiting promotions, newest first. Temporal indexes the stage within about a second. */
async function waitingForApproval(client: Client): Promise<Waiting[]> {
  const waiting: Waiting[] = [];
  const query = `ExecutionStatus = 'Running' AND WorkflowType = 'training' AND CitibikeStage = 'approval'`;
  for await (const { workflowId } of client.workflow.list({ query })) {
    const progress = await progressOf(client, workflowId);
    const step = progress?.steps.find(({ name, state }) => name === 'approval' && state === 'running');
    // A run without a detail is still comparing.
    if (step?.detail) waiting.push({ workflowId, what: step.detail });
  }
  return waiting;
}

function onlyOne(waiting: readonly Waiting[]): Waiting {
  const [first, ...others] = waiting;
  if (first && others.length === 0) return first;
  throw new CitibikeError(
    'INVALID_INPUT',
    first
      ? `${waiting.length} promotions wait for approval; name one:\n${linesOf(waiting)}`
      : 'no promotion waits for approval',
  );
}

function linesOf(waiting: readonly Waiting[]): string {
  return waiting.map(({ workflowId, what }) => `${workflowId}\n  ${what}\n`).join('');
}
