import { plural } from '../../format/numbers.ts';
import { Answered, Outages } from '../../ui/answered.tsx';
import { Empty, Panel } from '../../ui/panel.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { Table } from '../../ui/table.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { useAudit } from './queries.ts';

/** Lists who did what. */
export function Audit() {
  const audit = useAudit();
  return (
    <Panel
      title="Audit"
      aside={audit.data?.data.items && plural(audit.data.data.items.length, 'entry', 'entries')}
    >
      <Answered query={audit} what="the audit">
        {({ data, upstreams }) => (
          <>
            <Outages upstreams={upstreams} />
            {data.items?.length === 0 && (
              <Empty>No entries yet. Actions, sign-ins and rejected requests appear here.</Empty>
            )}
            {data.items && data.items.length > 0 && (
              <Table
                caption="Audit, newest first"
                rows={data.items}
                rowKey={({ id }) => String(id)}
                columns={[
                  { head: 'When', cell: ({ at }) => <TimeAgo at={at} /> },
                  {
                    head: 'Who',
                    cell: ({ who, verified }) => (
                      <>
                        {who} {!verified && <span className="muted">(unverified)</span>}
                      </>
                    ),
                  },
                  { head: 'From', cell: ({ via, from }) => `${from}${via === 'console' ? '' : `, ${via}`}` },
                  { head: 'Kind', cell: ({ kind }) => kind },
                  {
                    head: 'Action',
                    cell: ({ action, count }) => (count > 1 ? `${action} (${count} times)` : action),
                  },
                  { head: 'Target', cell: ({ target }) => target },
                  {
                    head: 'Outcome',
                    value: ({ outcome }) => outcome,
                    cell: ({ outcome }) => <Outcome of={outcome} />,
                  },
                ]}
              />
            )}
          </>
        )}
      </Answered>
    </Panel>
  );
}

function Outcome({ of }: { readonly of: string }) {
  if (of === 'ok' || of === 'rejected') return <StateBadge state={of} />;
  if (of === 'begun') return <StateBadge state="waiting">{of}</StateBadge>;
  return (
    <>
      <StateBadge state="failed" />
      <span className="clamp small">{of}</span>
    </>
  );
}
