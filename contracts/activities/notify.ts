/** Defines the activities of the stage `notify`. */
import type { WebhookEvent } from '../workflows/notification.ts';

export interface NotifyActivities {
  /** Returns true if a webhook is set. As a local activity it costs one marker in the history. */
  webhookIsSet(): Promise<boolean>;
  /** Posts the signed event. A 4xx answer fails for good; any other failure is retried. */
  postWebhook(event: WebhookEvent): Promise<void>;
}
