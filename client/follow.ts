/** Follows a workflow and its children live: steps, months, epochs, time. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Progress, TrainingHeartbeat } from '../contracts/progress.ts';
import { progressOf } from './start.ts';
import { ProgressView, type StepNode } from './progress-view.ts';

const POLL_MS = 500;

/**
 * Draws progress until the workflow is closed.
 * @returns its result; a failure is thrown as the client gives it.
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
      const training = step.name === 'train' && step.state === 'running';
      return {
        name: step.name,
        state: step.state,
        seconds: startedAt === undefined ? undefined : ((step.finishedAt ?? Date.now()) - startedAt) / 1000,
        note: training ? await epochNote(client, workflowId) : noteOf(step),
        children: asked && step.workflowId ? ((await treeOf(client, step.workflowId)) ?? []) : [],
      };
    }),
  );
}

function noteOf(step: Progress['steps'][number]): string {
  if (step.total !== undefined) return `${step.done ?? 0}/${step.total}`;
  return step.detail ?? '';
}

/** The trainer's last heartbeat, from the pending activity. */
async function epochNote(client: Client, workflowId: string): Promise<string> {
  try {
    const { raw } = await client.workflow.getHandle(workflowId).describe();
    for (const activity of raw.pendingActivities ?? []) {
      const payload = activity.heartbeatDetails?.payloads?.[0];
      if (activity.activityType?.name !== 'trainModel' || !payload) continue;
      const beat = defaultPayloadConverter.fromPayload<TrainingHeartbeat | null>(payload);
      if (!beat?.epoch) return 'starting';
      const attempt = (activity.attempt ?? 1) > 1 ? `, attempt ${activity.attempt}` : '';
      return `epoch ${beat.epoch}/${beat.epochs}, loss ${beat.loss.toPrecision(4)}${attempt}`;
    }
    return 'starting';
  } catch {
    // A description that cannot be had is a line of progress less, no more.
    return '';
  }
}
