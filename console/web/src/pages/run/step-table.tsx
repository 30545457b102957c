import { Link } from 'wouter';
import { useState } from 'react';
import type { Step } from '../../api/bodies.ts';
import { address } from '../../format/addresses.ts';
import { number } from '../../format/numbers.ts';
import { progressOf } from '../../format/heartbeat.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { Table } from '../../ui/table.tsx';
import { Elapsed, TimeAgo } from '../../ui/time-ago.tsx';

interface StepTableProps {
  readonly steps: readonly Step[];
  readonly selected: string | undefined;
  readonly onSelect: (id: string) => void;
}

/** Rows drawn at once: a history of thousands stays quick. */
const PAGE = 100;

export function StepTable({ steps, selected, onSelect }: StepTableProps) {
  const [room, setRoom] = useState(PAGE);
  return (
    <>
      <Table
        caption="Steps in the order in which they began"
        rows={steps.slice(0, room)}
        rowKey={({ id }) => id}
        rowClass={({ id }) => (id === selected ? 'row-selected' : undefined)}
        columns={[
          {
            head: 'State',
            cell: (step) => <StateBadge state={step.cached ? 'cached' : step.state} />,
          },
          {
            head: 'Step',
            cell: (step) => (
              <button
                type="button"
                className="link"
                aria-pressed={step.id === selected}
                onClick={() => onSelect(step.id)}
              >
                {step.name}
              </button>
            ),
          },
          { head: 'Progress', cell: (step) => <StepProgress step={step} /> },
          {
            head: 'Attempt',
            numeric: true,
            cell: ({ attempt, nextRetryAt }) => (
              <>
                {number(attempt)}
                {nextRetryAt && (
                  <span className="small">
                    , next <TimeAgo at={nextRetryAt} />
                  </span>
                )}
              </>
            ),
          },
          { head: 'Began', cell: ({ startedAt, scheduledAt }) => <TimeAgo at={startedAt ?? scheduledAt} /> },
          {
            head: 'Took',
            numeric: true,
            cell: ({ startedAt, closedAt }) => <Elapsed from={startedAt} to={closedAt} />,
          },
        ]}
      />
      {steps.length > room && (
        <button type="button" className="button" onClick={() => setRoom(room + PAGE * 5)}>
          More: {number(steps.length - room)} are not shown
        </button>
      )}
    </>
  );
}

/** How far a step is, as it last said itself; of a child, where to look. */
export function StepProgress({ step }: { readonly step: Step }) {
  if (step.childWorkflowId) {
    return <Link href={address.run(step.childWorkflowId, step.childRunId)}>its own page</Link>;
  }
  const said = step.state === 'running' ? progressOf(step.heartbeat) : undefined;
  return said ? <ProgressBar label={step.name} share={said.share} text={said.text} /> : null;
}
