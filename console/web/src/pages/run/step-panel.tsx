import { Link } from 'wouter';
import type { Run, Step } from '../../api/bodies.ts';
import { address } from '../../format/addresses.ts';
import { number } from '../../format/numbers.ts';
import { FailureChain } from '../../ui/failure-chain.tsx';
import { Facts } from '../../ui/facts.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { Empty, Panel } from '../../ui/panel.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { Elapsed, TimeAgo } from '../../ui/time-ago.tsx';
import { useStep } from './queries.ts';
import { StepLog } from './step-log.tsx';
import { StepProgress } from './step-table.tsx';

interface StepPanelProps {
  readonly run: Run;
  readonly step: Step;
  /** True if the run's answer omits inputs and outputs. */
  readonly trimmed: boolean;
  readonly onClose: () => void;
}

/** Shows one step: facts, failure, input, output and log. */
export function StepPanel({ run, step: listed, trimmed, onClose }: StepPanelProps) {
  const whole = useStep(run, listed.id, trimmed);
  const step = whole.data?.data ?? listed;
  return (
    <Panel
      title={`Step: ${step.name}`}
      aside={
        <>
          <StateBadge state={step.cached ? 'cached' : step.state} />
          <button type="button" className="button button-small" onClick={onClose}>
            Close
          </button>
        </>
      }
    >
      {step.failure && <FailureChain chain={step.failure} />}
      <Facts
        facts={[
          ['kind', step.kind],
          ['attempt', number(step.attempt)],
          ['next retry', step.nextRetryAt && <TimeAgo at={step.nextRetryAt} />],
          ['scheduled', <TimeAgo key="scheduled" at={step.scheduledAt} />],
          ['started', step.startedAt && <TimeAgo at={step.startedAt} />],
          ['duration', step.startedAt && <Elapsed from={step.startedAt} to={step.closedAt} />],
          ['cached', step.cached && 'yes: an earlier run computed the result'],
          ['worker', step.worker],
          ['progress', step.state === 'running' && <StepProgress step={step} />],
          [
            'child',
            step.childWorkflowId && (
              <Link href={address.run(step.childWorkflowId, step.childRunId)}>{step.childWorkflowId}</Link>
            ),
          ],
        ]}
      />
      {step.kind === 'activity' && <StepLog run={run} step={step} />}
      <div className="grid-2">
        <section className="stack-tight">
          <h3>Input</h3>
          {step.input === undefined ? (
            <Empty>The input is not stored.</Empty>
          ) : (
            <JsonView value={step.input} />
          )}
        </section>
        <section className="stack-tight">
          <h3>Output</h3>
          {step.output === undefined ? <Empty>No output.</Empty> : <JsonView value={step.output} />}
        </section>
      </div>
    </Panel>
  );
}
