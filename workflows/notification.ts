import { WebhookEvent } from '../contracts/workflows/notification.ts';
import { parseInput } from '../contracts/parse-input.ts';
import { postWebhook } from './activities.ts';

/** Carries one event to the webhook, for as long as a day. Started by `notify`, never by people. */
export async function notification(raw: WebhookEvent): Promise<void> {
  await postWebhook(parseInput('notification', WebhookEvent, raw));
}
