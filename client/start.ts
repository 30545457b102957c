/** Starts workflows and follows them, for `citibike run`, `citibike demo` and the tests. */
import type { Client, WorkflowHandle } from '@temporalio/client';
import { WorkflowFailedError } from '@temporalio/client';
import { parseNewInput } from '../contracts/new-input.ts';
import type { Progress } from '../contracts/progress.ts';
import { startedByMemo } from '../contracts/started-by.ts';
import { TASK_QUEUE } from '../contracts/task-queues.ts';
import type { Settings } from '../settings.ts';
import { auditedCommand } from './audited-command.ts';

/** Starts a workflow after checking its input, so that an invalid input starts nothing. */
export async function startWorkflow(
  client: Client,
  type: string,
  input: unknown,
  workflowId = newWorkflowId(type),
  user?: string,
): Promise<WorkflowHandle> {
  const parsed = parseNewInput(type, input);
  const options = { taskQueue: TASK_QUEUE, workflowId, ...startedByMemo(user) };
  return client.workflow.start(type, { ...options, args: [parsed] });
}

/** Starts a workflow for a command, after recording the action in the audit. */
export async function startAudited(
  client: Client,
  settings: Settings,
  action: string,
  type: string,
  input: unknown,
  workflowId = newWorkflowId(type),
): Promise<WorkflowHandle> {
  const command = { action, target: workflowId, detail: { type, input }, workflowId };
  return auditedCommand(settings, command, ({ name }) =>
    startWorkflow(client, type, input, workflowId, name),
  );
}

function newWorkflowId(type: string): string {
  return `${type}-${new Date().toISOString().replace(/[:.]/g, '-')}`;
}

/** Returns the innermost message of a failed run, which names the cause. */
export function failureMessage(error: unknown): string {
  let cause: unknown = error;
  while (
    cause instanceof Error &&
    cause.cause instanceof Error &&
    (cause instanceof WorkflowFailedError || cause.name !== 'ApplicationFailure')
  ) {
    cause = cause.cause;
  }
  return cause instanceof Error ? cause.message : String(cause);
}

export async function progressOf(client: Client, workflowId: string): Promise<Progress | undefined> {
  try {
    return await client.workflow.getHandle(workflowId).query<Progress, []>('progress');
  } catch {
    // The workflow has not started yet, or no worker answers. The result will report the error.
    return undefined;
  }
}
