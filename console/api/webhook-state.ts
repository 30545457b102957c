import type { LiveWorkers } from '../../adapters/postgres/worker-processes.ts';

/**
 * Returns whether all, some or none of the live workers have a webhook.
 * @param workers null if Postgres does not answer.
 * @returns null if no worker is alive, or if it is unknown.
 */
export function webhookState(workers: LiveWorkers | null): 'set' | 'partly-set' | 'unset' | null {
  if (!workers || workers.workers === 0) return null;
  if (workers.withWebhook === workers.workers) return 'set';
  return workers.withWebhook === 0 ? 'unset' : 'partly-set';
}
