import { Context } from '@temporalio/activity';
import { postWebhook } from '../../adapters/webhook/webhook.ts';
import type { NotifyActivities } from '../../contracts/activities/notify.ts';
import type { ActivityDependencies } from '../dependencies.ts';

export function createNotifyActivities({ webhook }: ActivityDependencies): NotifyActivities {
  return {
    webhookIsSet: async () => webhook !== undefined,
    // The webhook was removed from the settings after the event was queued.
    postWebhook: async (event) =>
      webhook && postWebhook(webhook, event, Context.current().cancellationSignal),
  };
}
