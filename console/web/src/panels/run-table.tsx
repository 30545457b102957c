import { Link } from 'wouter';
import type { Run } from '../api/bodies.ts';
import { address } from '../format/addresses.ts';
import { Empty } from '../ui/panel.tsx';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { StateBadge } from '../ui/state-badge.tsx';
import { Table } from '../ui/table.tsx';
import { Elapsed, TimeAgo } from '../ui/time-ago.tsx';

/** @param runs null where the server that knows them does not answer. */
export function RunTable({ runs }: { readonly runs: readonly Run[] | null }) {
  if (!runs) return <Empty>Not known: neither Temporal nor the records in Postgres answer.</Empty>;
  if (runs.length === 0) return <Empty>No run fits. Start one, or take a filter away.</Empty>;
  return (
    <Table
      caption="Runs, newest first"
      rows={runs}
      rowKey={({ runId }) => runId}
      columns={[
        { head: 'State', cell: (run) => <StateBadge state={run.state} /> },
        {
          head: 'Run',
          cell: (run) => (
            <>
              <Link href={address.run(run.workflowId, run.runId)}>{run.workflowId}</Link>
              {run.source === 'records' && (
                <span className="tag" title="Temporal has forgotten it; told from the records in Postgres">
                  from records
                </span>
              )}
            </>
          ),
        },
        { head: 'Type', cell: ({ type }) => type },
        {
          head: 'Of',
          cell: ({ system, month, model }) =>
            [system, month, model && `v${model}`].filter(Boolean).join(' · ') || (
              <span className="muted">–</span>
            ),
        },
        {
          head: 'Progress',
          cell: ({ state, stage, percent }) =>
            state === 'running' ? (
              <ProgressBar
                label="progress"
                share={percent === undefined ? undefined : percent / 100}
                text={stage ?? ''}
              />
            ) : (
              ''
            ),
        },
        { head: 'Started', cell: ({ startedAt }) => <TimeAgo at={startedAt} /> },
        {
          head: 'Took',
          numeric: true,
          cell: ({ startedAt, closedAt }) => <Elapsed from={startedAt} to={closedAt} />,
        },
      ]}
    />
  );
}
