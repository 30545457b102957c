import { absoluteTime, duration, relativeTime } from '../format/time.ts';
import { useNow } from './clock.ts';

/** `4 min ago`, with the time itself on hover. */
export function TimeAgo({ at }: { readonly at: string | null | undefined }) {
  const now = useNow();
  if (!at) return <span className="muted">–</span>;
  // The clock's grain may lie before what has just happened.
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

/** How long something took, or has been going on. */
export function Elapsed({ from, to }: ElapsedProps) {
  const now = useNow(1_000);
  if (!from) return <span className="muted">–</span>;
  const end = to ? Date.parse(to) : Math.max(now, Date.parse(from));
  return <span className="num nowrap">{duration(end - Date.parse(from))}</span>;
}
