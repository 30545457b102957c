import { Link } from 'wouter';
import type { Run } from '../api/bodies.ts';
import { address } from '../format/addresses.ts';
import { Empty } from '../ui/panel.tsx';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { StateBadge } from '../ui/state-badge.tsx';
import { Table } from '../ui/table.tsx';
import { Elapsed, TimeAgo } from '../ui/time-ago.tsx';

interface RunTableProps {
  /** Null where neither Temporal nor Postgres answers. */
  readonly runs: readonly Run[] | null;
  /** True if the server has more runs. */
  readonly isPartial?: boolean;
}

/** Lists runs with their states. */
export function RunTable({ runs, isPartial = false }: RunTableProps) {
  if (!runs) return <Empty>The runs are unavailable: neither Temporal nor Postgres answers.</Empty>;
  if (runs.length === 0) return <Empty>No run matches. Start a run, or clear the filters.</Empty>;
  return (
    <Table
      caption="Runs, newest first"
      isPartial={isPartial}
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
                <span className="tag" title="Temporal no longer keeps this run; its record in Postgres does">
                  from records
                </span>
              )}
            </>
          ),
        },
        { head: 'Type', cell: ({ type }) => type },
        {
          head: 'Data and model',
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
          head: 'Duration',
          numeric: true,
          value: ({ startedAt, closedAt }) =>
            startedAt && closedAt ? secondsBetween(startedAt, closedAt) : null,
          cell: ({ startedAt, closedAt }) => <Elapsed from={startedAt} to={closedAt} />,
        },
      ]}
    />
  );
}

function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}
