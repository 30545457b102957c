import { Context } from '@temporalio/activity';
import { postWebhook } from '../../adapters/webhook/webhook.ts';
import type { NotifyActivities } from '../../contracts/activities/notify.ts';
import type { ActivityDependencies } from '../dependencies.ts';

export function createNotifyActivities({ webhook }: ActivityDependencies): NotifyActivities {
  return {
    webhookIsSet: async () => webhook !== undefined,
    // Without a webhook: it was removed from the settings after the event was queued.
    postWebhook: async (event) => {
      if (webhook) await postWebhook(webhook, event, Context.current().cancellationSignal);
    },
  };
}
