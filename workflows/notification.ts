import { WebhookEvent } from '../contracts/workflows/notification.ts';
import { parseInput } from '../contracts/parse-input.ts';
import { postWebhook } from './activities.ts';

/** Posts one event to the webhook, and retries for a day. `notify` starts it. */
export async function notification(raw: WebhookEvent): Promise<void> {
  await postWebhook(parseInput('notification', WebhookEvent, raw));
}
