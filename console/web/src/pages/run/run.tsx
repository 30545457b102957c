import { Link } from 'wouter';
import type { RunDetail, Step } from '../../api/bodies.ts';
import { useRun } from '../../api/queries.ts';
import { address } from '../../format/addresses.ts';
import { progressOf } from '../../format/heartbeat-progress.ts';
import { number, plural } from '../../format/numbers.ts';
import { duration } from '../../format/time.ts';
import { Answered, Outages } from '../../ui/answered.tsx';
import { FailureChain } from '../../ui/failure-chain.tsx';
import { Facts } from '../../ui/facts.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { Empty, PageHead, Panel } from '../../ui/panel.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { StateBadge, StateIcon } from '../../ui/state-badge.tsx';
import { Elapsed, TimeAgo } from '../../ui/time-ago.tsx';
import { usePathParts, useSearchFields } from '../../ui/use-address.ts';
import { ApprovalPanel } from './approval-panel.tsx';
import { RunActions } from './run-actions.tsx';
import { RunTable } from '../../panels/run-table.tsx';
import { StepProgress } from './step-table.tsx';
import { RunLog } from './run-log.tsx';
import { StepPanel } from './step-panel.tsx';
import { Steps } from './run-steps.tsx';
import { Outcome, RunArtifacts } from './outcome.tsx';

/** Lists the running steps that the progress panel lists; a fan-out may have many more. */
const MOST_LIVE = 6;

/** Shows one run step by step, and its actions. */
export function Run() {
  const workflowId = usePathParts()[1] ?? '';
  const [fields] = useSearchFields();
  const query = useRun(workflowId, fields.get('run') ?? undefined);
  const detail = query.data?.data;
  return (
    <>
      <PageHead
        title={workflowId}
        crumbs={[{ href: '/runs', label: 'Runs' }]}
        actions={detail && <RunActions detail={detail} />}
      />
      <Answered query={query} what="the run">
        {({ data, upstreams }) => (
          <>
            <Outages upstreams={upstreams} />
            {data ? (
              <Detail detail={data} />
            ) : (
              <Empty>The run is unavailable: neither Temporal nor Postgres answers.</Empty>
            )}
          </>
        )}
      </Answered>
    </>
  );
}

function Detail({ detail }: { readonly detail: RunDetail }) {
  const { run, steps, failure, progress, approval, children, artifacts } = detail;
  const [fields, change] = useSearchFields();
  const selected = fields.get('step') ?? undefined;
  const step = steps?.find(({ id }) => id === selected);
  const select = (id: string | undefined) => change({ step: id === selected ? undefined : id });
  return (
    <>
      {approval ? (
        <ApprovalPanel workflowId={run.workflowId} approval={approval} />
      ) : (
        <Outcome detail={detail} />
      )}
      {progress && (
        <Panel
          title="Progress"
          aside={
            <ProgressBar
              label="whole run"
              share={progress.percent / 100}
              text={`${number(progress.percent, 2)} %`}
            />
          }
        >
          <ProgressList progress={progress} />
          <LiveSteps steps={steps ?? []} />
        </Panel>
      )}
      {failure.length > 0 && (
        <Panel title="Failure">
          <FailureChain chain={failure} />
        </Panel>
      )}
      {steps && steps.length > 0 ? (
        <Steps detail={detail} steps={steps} selected={selected} onSelect={select} />
      ) : (
        <Panel title="Steps">
          <Empty>
            {steps
              ? 'No step has started yet.'
              : 'The steps are unavailable: Temporal does not answer or no longer keeps this history.'}
          </Empty>
        </Panel>
      )}
      {step && (
        <StepPanel
          key={step.id}
          run={run}
          step={step}
          trimmed={detail.trimmed}
          onClose={() => select(undefined)}
        />
      )}
      <RunLog key={run.runId} run={run} />
      {children.length > 0 && (
        <Panel title="Child runs">
          <RunTable runs={children} />
        </Panel>
      )}
      <div className="grid-2">
        <Panel title="Artifacts" aside={artifacts.length > 0 && number(artifacts.length)}>
          <RunArtifacts artifacts={artifacts} />
        </Panel>
        <Panel title="Run" aside={<StateBadge state={run.state} />}>
          <RunFacts detail={detail} />
        </Panel>
      </div>
      <Panel title="Input and result as JSON">
        <FoldedJson title="Input" value={detail.input} />
        <FoldedJson title="Result" value={detail.result} />
      </Panel>
    </>
  );
}

function FoldedJson({ title, value }: { readonly title: string; readonly value: unknown }) {
  if (value === null || value === undefined) return <Empty>{title}: none.</Empty>;
  return (
    <details>
      <summary>{title}</summary>
      <JsonView value={value} />
    </details>
  );
}

function RunFacts({ detail: { run, events, taskQueue, steps } }: { readonly detail: RunDetail }) {
  const cached = steps?.filter((step) => step.cached).length;
  return (
    <Facts
      facts={[
        ['type', run.type],
        ['data', [run.system, run.month].filter(Boolean).join(' · ')],
        ['model', run.model && `v${run.model}`],
        ['started', <TimeAgo key="at" at={run.startedAt} />],
        ['duration', <Elapsed key="duration" from={run.startedAt} to={run.closedAt} />],
        ['parent', run.parentId && <Link href={address.run(run.parentId)}>{run.parentId}</Link>],
        ['steps', steps && `${number(steps.length)}, ${number(cached)} of them cached`],
        ['history', events > 0 && plural(events, 'event')],
        ['task queue', taskQueue],
        ['run id', <code key="id">{run.runId}</code>],
        [
          'source',
          run.source === 'records'
            ? 'run records in Postgres: Temporal does not answer or no longer keeps the run'
            : undefined,
        ],
      ]}
    />
  );
}

/** Lists the progress that running steps report: epochs, bytes, items. */
function LiveSteps({ steps }: { readonly steps: readonly Step[] }) {
  const reporting = steps.filter((step) => step.state === 'running' && progressOf(step.heartbeat));
  if (reporting.length === 0) return null;
  return (
    <ul className="list" aria-label="Running steps">
      {reporting.slice(0, MOST_LIVE).map((step) => (
        <li key={step.id}>
          {step.name} <StepProgress step={step} />
        </li>
      ))}
      {reporting.length > MOST_LIVE && (
        <li className="small muted">and {plural(reporting.length - MOST_LIVE, 'more step')}</li>
      )}
    </ul>
  );
}

/** The panel above says what waits for approval. */
const isApproval = ({ name, state }: { readonly name: string; readonly state: string }) =>
  name === 'approval' && state === 'running';

function ProgressList({ progress }: { readonly progress: NonNullable<RunDetail['progress']> }) {
  return (
    <ul className="list">
      {progress.steps.map((step) => (
        <li key={step.name}>
          <StateIcon state={step.state} />
          {step.workflowId ? <Link href={address.run(step.workflowId)}>{step.name}</Link> : step.name}
          <span className="hidden">{step.state}</span>
          {step.state === 'running' && (
            <ProgressBar
              label={step.name}
              share={step.total ? (step.done ?? 0) / step.total : undefined}
              text={step.total ? `${number(step.done ?? 0)} of ${number(step.total)}` : ''}
            />
          )}
          {step.detail && !isApproval(step) && <span className="small muted">{step.detail}</span>}
          {step.startedAt !== undefined && step.finishedAt !== undefined && (
            <span className="push small muted num">{duration(step.finishedAt - step.startedAt)}</span>
          )}
        </li>
      ))}
    </ul>
  );
}
