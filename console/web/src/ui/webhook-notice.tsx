import { useLocation } from 'wouter';
import { useStatus } from '../api/queries.ts';

const TEXTS: Readonly<Record<string, string>> = {
  unset: 'No webhook is set, so failed runs, alerts and promotions are shown only here.',
  'partly-set': 'Some workers have no webhook, so failed runs, alerts and promotions may be shown only here.',
};

/** Says that nobody is notified, and how to change it. Shows nothing if a webhook is set, or if that is unknown. */
export function WebhookNotice() {
  const { data } = useStatus();
  const [path] = useLocation();
  const text = TEXTS[data?.data.webhook ?? ''];
  // The overview lists it among what needs attention.
  if (text === undefined || path === '/') return null;
  return (
    <aside className="notice notice-warn" aria-label="Webhook">
      {text} Set <code>WEBHOOK_URL</code> for the worker and restart it. <code>citibike notify test</code>{' '}
      sends a test event.
    </aside>
  );
}
