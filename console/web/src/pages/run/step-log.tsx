import type { Run, Step } from '../../api/bodies.ts';
import { logUrl } from '../../format/addresses.ts';
import { Answered } from '../../ui/answered.tsx';
import { Empty } from '../../ui/panel.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { LogText } from './log-text.tsx';
import { useStepLog } from './use-step-log.ts';

/** Shows the end of a step's log, attempt after attempt, and follows it while the step runs. */
export function StepLog({ run, step }: { readonly run: Run; readonly step: Step }) {
  const { log, older, hasOlder } = useStepLog(run, step);
  const text = (log.data ?? []).map((page) => page.text).join('');
  return (
    <section className="stack-tight" aria-label="Log">
      <div className="row">
        <h3>Log</h3>
        {step.state === 'running' && <StateBadge state="running">live</StateBadge>}
        <span className="push row">
          {hasOlder && (
            <button
              type="button"
              className="button button-small"
              disabled={older.isPending}
              onClick={() => older.mutate()}
            >
              Load older lines
            </button>
          )}
          {text && (
            <a className="button button-small" href={logUrl(run.workflowId, run.runId, step.id)}>
              Whole log
            </a>
          )}
        </span>
      </div>
      <Answered query={log} what="the log">
        {() =>
          text ? (
            <LogText text={text} />
          ) : (
            <Empty>
              {step.startedAt
                ? 'This step has logged nothing.'
                : 'The step waits for a worker. Its log appears when an attempt starts.'}
            </Empty>
          )
        }
      </Answered>
    </section>
  );
}
