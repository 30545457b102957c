import { Link } from 'wouter';
import type { Step } from '../../api/bodies.ts';
import { address } from '../../format/addresses.ts';
import { number } from '../../format/numbers.ts';
import { progressOf } from '../../format/heartbeat-progress.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { Table } from '../../ui/table.tsx';
import { Elapsed, TimeAgo } from '../../ui/time-ago.tsx';

interface StepTableProps {
  readonly steps: readonly Step[];
  readonly selected: string | undefined;
  readonly onSelect: (id: string) => void;
}

/** Sets the rows rendered at once, so that a history of thousands stays fast. */
const PAGE = 100;

export function StepTable({ steps, selected, onSelect }: StepTableProps) {
  return (
    <Table
      caption="Steps, in order of start"
      rows={steps}
      page={PAGE}
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
        {
          head: 'Started',
          cell: ({ startedAt, scheduledAt }) => <TimeAgo at={startedAt ?? scheduledAt} />,
        },
        {
          head: 'Duration',
          numeric: true,
          cell: ({ startedAt, closedAt }) => <Elapsed from={startedAt} to={closedAt} />,
        },
      ]}
    />
  );
}

/** Shows the progress that a step last reported, or links to its child run. */
export function StepProgress({ step }: { readonly step: Step }) {
  if (step.childWorkflowId) {
    return <Link href={address.run(step.childWorkflowId, step.childRunId)}>child run</Link>;
  }
  const progress = step.state === 'running' ? progressOf(step.heartbeat) : undefined;
  return progress ? <ProgressBar label={step.name} share={progress.share} text={progress.text} /> : null;
}
