/** Telling the webhook, beside the work and never in its way. */
import { CancellationScope, ParentClosePolicy, log, startChild, workflowInfo } from '@temporalio/workflow';
import { messageOf } from '../contracts/errors.ts';
import type { EventType, WebhookEvent } from '../contracts/workflows/notification.ts';
import { webhookIsSet } from './activities.ts';
import { notification } from './notification.ts';

/**
 * Tells the webhook, where one is set. Whether one is, a workflow cannot know: it asks, and the answer lies in the history, so that a
 * replay on a worker set otherwise takes the same way. The message is a child of its own that outlives this workflow: a receiver that is
 * away for hours holds up nobody, least of all the lock of a promotion.
 */
export async function notify(
  type: EventType,
  { text, model, version }: { text: string; model?: string; version?: string },
): Promise<void> {
  const { workflowId, runId, workflowType } = workflowInfo();
  const id = `${type}-${runId}`;
  const event: WebhookEvent = {
    id,
    type,
    at: new Date().toISOString(),
    workflowType,
    workflowId,
    runId,
    text,
    model,
    version,
  };
  try {
    await CancellationScope.nonCancellable(async () => {
      if (!(await webhookIsSet())) return;
      await startChild(notification, {
        workflowId: `notification-${id}`,
        args: [event],
        parentClosePolicy: ParentClosePolicy.ABANDON,
      });
    });
  } catch (error) {
    log.warn(`the webhook was not told of ${id}: ${messageOf(error)}`);
  }
}
