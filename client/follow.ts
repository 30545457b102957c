/** Follows a workflow and its children live and prints steps, months, epochs and times. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Progress, TrainingHeartbeat } from '../contracts/progress.ts';
import { progressOf } from './start.ts';
import { ProgressView, type StepNode } from './progress-view.ts';
import { retryNote } from './retry-note.ts';

const POLL_MS = 500;

/**
 * Draws progress until the workflow is closed.
 * @returns its result.
 * @throws its failure as the client reports it.
 */
export async function follow<T>(
  client: Client,
  handle: WorkflowHandle,
  output: NodeJS.WriteStream = process.stdout,
): Promise<T> {
  const view = new ProgressView(output);
  const closed = handle.result() as Promise<T>;
  let over = false;
  const watch = closed.then(
    () => (over = true),
    () => (over = true),
  );
  while (!over) {
    const nodes = await treeOf(client, handle.workflowId);
    if (nodes) view.draw(nodes);
    await Promise.race([watch, sleep(POLL_MS)]);
  }
  const last = await treeOf(client, handle.workflowId);
  if (last) view.draw(last);
  view.end();
  return closed;
}

async function treeOf(client: Client, workflowId: string): Promise<StepNode[] | undefined> {
  const progress = await progressOf(client, workflowId);
  if (!progress) return undefined;
  return Promise.all(
    progress.steps.map(async (step): Promise<StepNode> => {
      const startedAt = step.startedAt;
      const asked = step.workflowId !== undefined && step.state !== 'pending';
      // A step with a child workflow shows the child's progress instead.
      const telling = step.state === 'running' && !step.workflowId;
      return {
        name: step.name,
        state: step.state,
        seconds: startedAt === undefined ? undefined : ((step.finishedAt ?? Date.now()) - startedAt) / 1000,
        note: telling ? joined(noteOf(step), await pendingNote(client, workflowId, step.name)) : noteOf(step),
        children: asked && step.workflowId ? ((await treeOf(client, step.workflowId)) ?? []) : [],
      };
    }),
  );
}

/** Joins what the step says of itself and what its activities do. */
function joined(...notes: readonly string[]): string {
  return notes.filter(Boolean).join('; ');
}

function noteOf(step: Progress['steps'][number]): string {
  if (step.total !== undefined) return `${step.done ?? 0}/${step.total}`;
  return step.detail ?? '';
}

/**
 * Describes the pending activities: the trainer's last heartbeat, or why one is retried. Returns an empty text if there is
 * nothing to report.
 */
async function pendingNote(client: Client, workflowId: string, step: string): Promise<string> {
  try {
    const { raw } = await client.workflow.getHandle(workflowId).describe();
    const notes = (raw.pendingActivities ?? []).map(
      ({ activityType, attempt, heartbeatDetails, lastFailure }) => {
        const retried = retryNote(attempt ?? 1, lastFailure?.message ?? undefined);
        const payload = heartbeatDetails?.payloads?.[0];
        if (activityType?.name !== 'trainModel' || !payload) return retried;
        const beat = defaultPayloadConverter.fromPayload<TrainingHeartbeat | null>(payload);
        if (!beat?.epoch) return retried;
        const again = (attempt ?? 1) > 1 ? `, attempt ${attempt}` : '';
        return `epoch ${beat.epoch}/${beat.epochs}, loss ${beat.loss.toPrecision(4)}${again}`;
      },
    );
    return notes.find(Boolean) ?? (step === 'train' ? 'starting' : '');
  } catch {
    // If the description is unavailable, only this line of progress is missing.
    return '';
  }
}
