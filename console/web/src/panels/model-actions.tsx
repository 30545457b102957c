import { useId, useState } from 'react';
import { Link } from 'wouter';
import { api, bodyOf } from '../api/client.ts';
import { address } from '../format/addresses.ts';
import { ActionButton } from '../ui/action-button.tsx';

interface ModelActionsProps {
  readonly model: string;
  readonly champion: string | undefined;
  /** The version whose page this is; undefined on the model's own. */
  readonly version?: string;
}

/** Promote a version, or go back to an earlier one. */
export function ModelActions({ model, champion, version }: ModelActionsProps) {
  const [back, setBack] = useState('');
  const id = useId();
  const path = { name: model };
  const started = (begun: { workflowId: string; runId: string }, what: string) => (
    <>
      {what} It is done once every live process serves it:{' '}
      <Link href={address.run(begun.workflowId, begun.runId)}>{begun.workflowId}</Link>
    </>
  );
  return (
    <>
      {version !== undefined && version !== champion && (
        <ActionButton
          label={`Promote v${version}`}
          title={`Promote version ${version} of ${model}`}
          primary
          withReason
          consequence={
            <p>
              Version {version} is proven on every live process of the prediction service, becomes the
              champion
              {champion ? ` in place of version ${champion}` : ''}, and answers all predictions from then on.
            </p>
          }
          act={async (reason) =>
            started(
              await bodyOf(
                api.POST('/api/models/{name}/promote', { params: { path }, body: { version, reason } }),
              ),
              `Version ${version} is being rolled out.`,
            )
          }
        />
      )}
      {version === undefined && champion !== undefined && (
        <ActionButton
          label="Roll back"
          title={`Roll back ${model}`}
          danger
          withReason
          consequence={
            <>
              <p>
                Version {champion} stops answering; the version given, or the champion before it, takes its
                place on every live process.
              </p>
              <div className="field">
                <label htmlFor={id}>Version to go back to</label>
                <input
                  id={id}
                  inputMode="numeric"
                  placeholder="the champion before"
                  value={back}
                  onChange={(event) => setBack(event.target.value.replace(/\D/g, ''))}
                />
              </div>
            </>
          }
          act={async (reason) =>
            started(
              await bodyOf(
                api.POST('/api/models/{name}/rollback', {
                  params: { path },
                  body: { reason, ...(back ? { version: back } : {}) },
                }),
              ),
              'The rollback has begun.',
            )
          }
        />
      )}
    </>
  );
}
