import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { RunDetail } from '../../api/bodies.ts';
import { api, bodyOf } from '../../api/api-client.ts';
import { address } from '../../format/addresses.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { useWorkflowTypes } from '../../api/queries.ts';

/** Offers the actions that fit the state of a run. */
export function RunActions({ detail: { run } }: { readonly detail: RunDetail }) {
  const types = useWorkflowTypes();
  const [, navigate] = useLocation();
  const [started, setStarted] = useState<{ workflowId: string; runId: string }>();
  const path = { workflowId: run.workflowId };
  const startable = types.data?.items.some(({ type }) => type === run.type);
  const name = <b>{run.workflowId}</b>;
  return (
    <>
      {run.state === 'running' && (
        <>
          <ActionButton
            label="Cancel"
            title="Cancel the run"
            danger
            withReason
            consequence={
              <p>
                The running steps of {name} stop, and the run ends as cancelled. Its results so far remain,
                and a run with the same input reuses them.
              </p>
            }
            act={async (reason) => {
              await bodyOf(api.POST('/api/runs/{workflowId}/cancel', { params: { path }, body: { reason } }));
              return 'Cancellation requested.';
            }}
          />
          <ActionButton
            label="Terminate"
            title="Terminate the run"
            danger
            withReason
            consequence={
              <p>
                {name} ends at once and cannot clean up. Its child runs may continue. Terminate a run only if
                it does not react to Cancel.
              </p>
            }
            act={async (reason) => {
              await bodyOf(
                api.POST('/api/runs/{workflowId}/terminate', { params: { path }, body: { reason } }),
              );
              return 'Terminated.';
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
                A new {run.type} starts with the same input as {name}. Steps with a cached result do not run
                again.
              </p>
            }
            act={async (reason) => {
              const next = await bodyOf(
                api.POST('/api/runs/{workflowId}/retry', { params: { path }, body: { reason } }),
              );
              setStarted(next);
              return (
                <>
                  Started: <Link href={address.run(next.workflowId, next.runId)}>{next.workflowId}</Link>
                </>
              );
            }}
          />
          {run.type === 'search' && run.state === 'completed' && (
            <Link className="button button-primary" href={address.trainingFromSearch(run.workflowId)}>
              Train with these
            </Link>
          )}
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
          Open the new run
        </Link>
      )}
    </>
  );
}
