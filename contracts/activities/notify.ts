/** Activities of the stage `notify`. */
import type { WebhookEvent } from '../workflows/notification.ts';

export interface NotifyActivities {
  /** Whether a webhook is set. Local: it costs a marker in the history. */
  webhookIsSet(): Promise<boolean>;
  /** Posts the event, signed. Refused with 4xx: not tried again; anything else is. */
  postWebhook(event: WebhookEvent): Promise<void>;
}
