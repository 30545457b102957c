import type { WebhookEvent } from '../contracts/events.ts';
import { postWebhook } from './activities.ts';

/** Carries one event to the webhook, for as long as a day. Started by `notify`, never by people. */
export async function notification(event: WebhookEvent): Promise<void> {
  await postWebhook(event);
}
