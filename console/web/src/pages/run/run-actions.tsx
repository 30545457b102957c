import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { RunDetail } from '../../api/bodies.ts';
import { api, bodyOf } from '../../api/client.ts';
import { address } from '../../format/addresses.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { useWorkflowTypes } from '../../api/queries.ts';

/** What can be done about a run in its state. */
export function RunActions({ detail: { run, approval } }: { readonly detail: RunDetail }) {
  const types = useWorkflowTypes();
  const [, navigate] = useLocation();
  const [started, setStarted] = useState<{ workflowId: string; runId: string }>();
  const path = { workflowId: run.workflowId };
  const startable = types.data?.items.some(({ type }) => type === run.type);
  const name = <b>{run.workflowId}</b>;
  return (
    <>
      {approval && (
        <>
          <ActionButton
            label="Approve"
            title="Approve"
            primary
            withReason
            consequence={<p>{approval.what}. The run goes on.</p>}
            act={async (reason) => {
              await bodyOf(
                api.POST('/api/approvals/{workflowId}', {
                  params: { path },
                  body: { approve: true, reason },
                }),
              );
              return 'Approved; the run goes on.';
            }}
          />
          <ActionButton
            label="Refuse"
            title="Refuse"
            danger
            withReason
            consequence={<p>{approval.what}. The run ends without it.</p>}
            act={async (reason) => {
              await bodyOf(
                api.POST('/api/approvals/{workflowId}', {
                  params: { path },
                  body: { approve: false, reason },
                }),
              );
              return 'Refused.';
            }}
          />
        </>
      )}
      {run.state === 'running' && (
        <>
          <ActionButton
            label="Cancel"
            title="Cancel the run"
            danger
            withReason
            consequence={
              <p>
                {name} is asked to stop: its running steps are told, and it ends as cancelled. What it has
                made so far stays, and a run with the same input finds it.
              </p>
            }
            act={async (reason) => {
              await bodyOf(api.POST('/api/runs/{workflowId}/cancel', { params: { path }, body: { reason } }));
              return 'It was asked to stop.';
            }}
          />
          <ActionButton
            label="Terminate"
            title="Terminate the run"
            danger
            withReason
            consequence={
              <p>
                {name} is ended at once, without a chance to tidy up: its children go on or end by themselves.
                Cancelling is kinder; this is for a run that does not react to it.
              </p>
            }
            act={async (reason) => {
              await bodyOf(
                api.POST('/api/runs/{workflowId}/terminate', { params: { path }, body: { reason } }),
              );
              return 'It was terminated.';
            }}
          />
        </>
      )}
      {run.state !== 'running' && startable && (
        <>
          <ActionButton
            label="Run again"
            title="Run again"
            withReason
            consequence={
              <p>
                A new {run.type} is started with the same input as {name}. Steps whose result is there already
                are not done again.
              </p>
            }
            act={async (reason) => {
              const begun = await bodyOf(
                api.POST('/api/runs/{workflowId}/retry', { params: { path }, body: { reason } }),
              );
              setStarted(begun);
              return (
                <>
                  Started: <Link href={address.run(begun.workflowId, begun.runId)}>{begun.workflowId}</Link>
                </>
              );
            }}
          />
          <button
            type="button"
            className="button"
            onClick={() => navigate(address.newRun(run.type, run.workflowId))}
          >
            Run with changes
          </button>
        </>
      )}
      {started && (
        <Link className="button" href={address.run(started.workflowId, started.runId)}>
          To the new run
        </Link>
      )}
    </>
  );
}
