import { absoluteTime, duration, relativeTime } from '../format/time.ts';
import { useNow } from './clock.ts';

/** Shows a relative time such as `4 min ago`, with the absolute time on hover. */
export function TimeAgo({ at }: { readonly at: string | null | undefined }) {
  const now = useNow();
  if (!at) return <span className="muted">–</span>;
  // The clock ticks in steps, so it may be earlier than an event that has just happened.
  const reference = Math.max(now, Math.min(Date.parse(at), now + 10_000));
  return (
    <time dateTime={at} title={absoluteTime(at)} className="nowrap">
      {relativeTime(at, reference)}
    </time>
  );
}

interface ElapsedProps {
  readonly from: string | null | undefined;
  readonly to?: string | null | undefined;
}

/** Shows how long something took, or has run so far. */
export function Elapsed({ from, to }: ElapsedProps) {
  const now = useNow(1_000);
  if (!from) return <span className="muted">–</span>;
  const end = to ? Date.parse(to) : Math.max(now, Date.parse(from));
  return <span className="num nowrap">{duration(end - Date.parse(from))}</span>;
}
