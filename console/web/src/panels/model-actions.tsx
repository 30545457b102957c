import { useId, useState } from 'react';
import { Link } from 'wouter';
import { api, bodyOf } from '../api/api-client.ts';
import { address } from '../format/addresses.ts';
import { ActionButton } from '../ui/action-button.tsx';
import { ChampionComparison } from './champion-comparison.tsx';

interface ModelActionsProps {
  readonly model: string;
  readonly champion: string | undefined;
  /** Version of the page; undefined on the model's page. */
  readonly version?: string;
}

/** Offers to promote a version or to roll back to an earlier one. */
export function ModelActions({ model, champion, version }: ModelActionsProps) {
  const [back, setBack] = useState('');
  const id = useId();
  const path = { name: model };
  const started = (run: { workflowId: string; runId: string }, what: string) => (
    <>
      {what} Follow the run: <Link href={address.run(run.workflowId, run.runId)}>{run.workflowId}</Link>
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
            <>
              <p>
                The rollout verifies version {version} on every live process of the prediction service, then
                makes it the champion{champion ? ` in place of version ${champion}` : ''}. The champion
                answers all predictions.
              </p>
              <ChampionComparison model={model} version={version} />
            </>
          }
          act={async (reason) =>
            started(
              await bodyOf(
                api.POST('/api/models/{name}/promote', { params: { path }, body: { version, reason } }),
              ),
              `The rollout of version ${version} has started.`,
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
                The given version, or the previous champion, replaces version {champion} on every live
                process.
              </p>
              <div className="field">
                <label htmlFor={id}>Version to restore</label>
                <input
                  id={id}
                  inputMode="numeric"
                  placeholder="the previous champion"
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
                  body: { reason, version: back },
                }),
              ),
              'The rollback has started.',
            )
          }
        />
      )}
    </>
  );
}
