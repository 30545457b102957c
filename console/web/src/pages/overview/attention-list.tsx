import { Link } from 'wouter';
import type { Attention } from '../../api/bodies.ts';
import { plural } from '../../format/numbers.ts';
import { Clamped } from '../../ui/clamped.tsx';
import { Empty } from '../../ui/panel.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';

interface AttentionListProps {
  readonly items: readonly Attention[];
  /** True if every server that could report something answered. */
  readonly complete: boolean;
}

/** Lists what needs a person, each with its reason. */
export function AttentionList({ items, complete }: AttentionListProps) {
  if (items.length === 0 && !complete) {
    return <Empty>The servers that answer report nothing. Others do not answer.</Empty>;
  }
  if (items.length === 0) return <Empty>Nothing needs attention.</Empty>;
  return (
    <ul className="attention">
      {items.map(({ kind, title, href, at, count = 1, reason }) => (
        <li key={`${kind} ${title} ${href}`}>
          <div className="row">
            <StateBadge state={kind === 'upstream' ? 'down' : kind} />
            {/* Links only to addresses of this console; anything else stays text. */}
            <b>{/^\/(?!\/)/.test(href) ? <Link href={href}>{title}</Link> : title}</b>
            {count > 1 && <span className="tag">{plural(count, 'time')}</span>}
            {at && (
              <span className="push small muted">
                <TimeAgo at={at} />
              </span>
            )}
          </div>
          {reason && (
            <p className="small attention-reason">
              <Clamped text={reason} />
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
