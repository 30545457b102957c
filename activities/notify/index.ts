import { Context } from '@temporalio/activity';
import { postWebhook } from '../../adapters/webhook/webhook.ts';
import type { NotifyActivities } from '../../contracts/activities/notify.ts';
import type { ActivityDependencies } from '../dependencies.ts';

export function createNotifyActivities({ webhook }: ActivityDependencies): NotifyActivities {
  return {
    webhookIsSet: async () => webhook !== undefined,
    // Switched off since the message was sent on its way: nobody waits for it any more.
    postWebhook: async (event) =>
      webhook && postWebhook(webhook, event, Context.current().cancellationSignal),
  };
}
