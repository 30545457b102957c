import { Link } from 'wouter';
import type { Stage } from '../../api/bodies.ts';
import { address } from '../../format/addresses.ts';
import { duration } from '../../format/time.ts';
import { Clamped } from '../../ui/clamped.tsx';
import { StateBadge, lookOf } from '../../ui/state-badge.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';

const STAGE_TITLES: Readonly<Record<Stage['stage'], string>> = {
  fetch: 'Fetch',
  preprocess: 'Preprocess',
  train: 'Train',
  register: 'Register',
  deploy: 'Deploy',
  drift: 'Drift',
};

/** Shows each stage by its last success, and a newer attempt that runs or failed. */
export function Pipeline({ stages }: { readonly stages: readonly Stage[] }) {
  return (
    <ol className="loop">
      {stages.map(({ stage, state, lastRun, headline, attempt }) => (
        <li key={stage} className={`loop-stage loop-${lookOf(state).tone}`}>
          <b>{STAGE_TITLES[stage]}</b>
          <div>
            <StateBadge state={state} />
          </div>
          <p className="loop-headline">
            <Clamped text={headline} />
          </p>
          <p className="small muted">
            {lastRun ? (
              <>
                <Link href={address.run(lastRun.workflowId, lastRun.runId)}>{nameOf(lastRun)}</Link>{' '}
                <TimeAgo at={lastRun.at} />, {duration(lastRun.durationMs)}
              </>
            ) : (
              'no run has succeeded'
            )}
          </p>
          {attempt && (
            <div className="small loop-attempt">
              <Link href={address.run(attempt.workflowId, attempt.runId)}>{nameOf(attempt)}</Link>{' '}
              {lookOf(attempt.state).word} <TimeAgo at={attempt.at} />
              {attempt.reason && (
                <>
                  : <Clamped text={attempt.reason} />
                </>
              )}
            </div>
          )}
        </li>
      ))}
    </ol>
  );
}

/** Names a run by its workflow and its system, because stages mix the runs of all systems. */
function nameOf({ type, system }: { readonly type: string; readonly system: string | null }): string {
  return system ? `${type} of ${system}` : type;
}
