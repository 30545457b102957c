import type { RunDetail } from '../../api/bodies.ts';
import { api, bodyOf } from '../../api/api-client.ts';
import { absoluteTime } from '../../format/time.ts';
import { ChampionComparison } from '../../panels/champion-comparison.tsx';
import { ActionButton } from '../../ui/action-button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { Elapsed } from '../../ui/time-ago.tsx';

interface ApprovalPanelProps {
  readonly workflowId: string;
  readonly approval: NonNullable<RunDetail['approval']>;
}

/** Says what waits for a person and since when, with what the decision needs, and takes the decision. */
export function ApprovalPanel({ workflowId, approval: { what, model, version, since } }: ApprovalPanelProps) {
  const decide = (approve: boolean, reason: string) =>
    bodyOf(
      api.POST('/api/approvals/{workflowId}', {
        params: { path: { workflowId } },
        body: { approve, reason },
      }),
    );
  return (
    <Panel title="Waiting for approval" aside={<StateBadge state="approval" />}>
      <p className="outcome-summary">
        {capital(what)}.
        {since && (
          <span className="muted">
            {' '}
            It has waited for <Elapsed from={since} />, since {absoluteTime(since)}.
          </span>
        )}
      </p>
      {model !== null && version !== null && <ChampionComparison model={model} version={version} />}
      <div className="actions">
        <ActionButton
          label="Approve"
          title="Approve"
          primary
          withReason
          consequence={
            <>
              <p>{capital(what)}.</p>
              <p>Once approved, the run continues.</p>
            </>
          }
          act={async (reason) => {
            await decide(true, reason);
            return 'Approved. The run continues.';
          }}
        />
        <ActionButton
          label="Reject"
          title="Reject"
          danger
          withReason
          consequence={
            <>
              <p>{capital(what)}.</p>
              <p>Once rejected, the run completes without a promotion.</p>
            </>
          }
          act={async (reason) => {
            await decide(false, reason);
            return 'Rejected.';
          }}
        />
      </div>
    </Panel>
  );
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}`;
}
