/** Notifies the webhook without delaying the workflow. */
import { CancellationScope, ParentClosePolicy, log, startChild, workflowInfo } from '@temporalio/workflow';
import { messageOf } from '../contracts/errors.ts';
import type { EventType, WebhookEvent } from '../contracts/workflows/notification.ts';
import { webhookIsSet } from './activities.ts';
import { notification } from './notification.ts';

/**
 * Sends an event to the webhook, if one is set. Workflows check for a webhook in a local activity, so replay does not depend on
 * worker settings. The child outlives this workflow, so that an unavailable receiver does not extend the lock of a promotion.
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
    log.warn(`the webhook was not notified of ${id}: ${messageOf(error)}`);
  }
}
