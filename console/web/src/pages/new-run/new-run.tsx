import { useId, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { api, bodyOf } from '../../api/api-client.ts';
import type { WorkflowType } from '../../api/bodies.ts';
import { ApiProblem } from '../../api/problem.ts';
import { useRun, useWorkflowTypes } from '../../api/queries.ts';
import { address } from '../../format/addresses.ts';
import { number } from '../../format/numbers.ts';
import { fieldsOf, filledFrom, inputOf, type Filled } from '../../schema-form/fields.ts';
import { SchemaForm } from '../../schema-form/schema-form.tsx';
import { ActionButton } from '../../ui/action-button.tsx';
import { Answered } from '../../ui/answered.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { Loading, PageHead, Panel } from '../../ui/panel.tsx';
import { useSearchFields } from '../../ui/use-address.ts';
import { useTrainingFromSearch } from './queries.ts';

/** Starts a run. The form comes from the input's schema, its content from an earlier run or an example. */
export function NewRun() {
  const types = useWorkflowTypes();
  const [fields, change] = useSearchFields();
  const id = useId();
  return (
    <>
      <PageHead title="Start a run" crumbs={[{ href: '/runs', label: 'Runs' }]} />
      <Answered query={types} what="the workflow types">
        {({ items }) => {
          const chosen = items.find(({ type }) => type === fields.get('type')) ?? items[0];
          return (
            <>
              <Panel title="Workflow">
                <div className="field">
                  <label htmlFor={id}>Type</label>
                  <select
                    id={id}
                    value={chosen?.type}
                    onChange={(event) =>
                      change({ type: event.target.value, from: undefined, search: undefined })
                    }
                  >
                    {items.map(({ type, title }) => (
                      <option key={type} value={type}>
                        {title}
                      </option>
                    ))}
                  </select>
                </div>
                <p className="prose muted">{chosen?.description}</p>
              </Panel>
              {chosen && (
                <Prefilled
                  key={chosen.type}
                  what={chosen}
                  from={fields.get('from') ?? undefined}
                  search={fields.get('search') ?? undefined}
                />
              )}
            </>
          );
        }}
      </Answered>
    </>
  );
}

interface PrefilledProps {
  readonly what: WorkflowType;
  readonly from: string | undefined;
  readonly search: string | undefined;
}

function Prefilled({ what, from, search }: PrefilledProps) {
  if (search && what.type === 'training') return <FromSearch what={what} search={search} />;
  return from ? <FromRun what={what} from={from} /> : <StartForm what={what} initial={what.example} />;
}

function FromRun({ what, from }: { readonly what: WorkflowType; readonly from: string }) {
  const earlier = useRun(from, undefined);
  if (earlier.isPending) return <Loading what="the earlier input" />;
  return (
    <>
      <p className="notice">
        {earlier.data?.data ? 'Filled in from ' : 'No input is available from '}
        <Link href={address.run(from)}>{from}</Link>.
      </p>
      <StartForm what={what} initial={earlier.data?.data?.input} />
    </>
  );
}

function FromSearch({ what, search }: { readonly what: WorkflowType; readonly search: string }) {
  const query = useTrainingFromSearch(search);
  return (
    <Answered query={query} what="the result of the search">
      {({ data: { searchRunId, trial, rmse, input } }) => (
        <>
          <p className="notice">
            Filled in from trial {trial} of <Link href={address.experiment(searchRunId)}>this search</Link>
            {rmse !== null && `, which has RMSE ${number(rmse, 4)} on hidden weeks`}. Check the test months
            before you start.
          </p>
          <StartForm what={what} initial={input} />
        </>
      )}
    </Answered>
  );
}

function StartForm({ what, initial }: { readonly what: WorkflowType; readonly initial: unknown }) {
  const fields = fieldsOf(what.schema ?? {});
  const [filled, setFilled] = useState<Filled>(() => filledFrom(fields, initial));
  const [rejected, setRejected] = useState<Readonly<Record<string, string>>>({});
  const [workflowId, setWorkflowId] = useState('');
  const [, navigate] = useLocation();
  const id = useId();
  const { input, problems } = inputOf(fields, filled);
  const wrong = Object.keys(problems).length;

  const start = async () => {
    setRejected({});
    try {
      const begun = await bodyOf(
        api.POST('/api/runs', {
          body: { type: what.type, input, workflowId },
        }),
      );
      navigate(address.run(begun.workflowId, begun.runId));
      // The page of the run says the rest.
      return undefined;
    } catch (error) {
      if (error instanceof ApiProblem) {
        setRejected(
          Object.fromEntries(
            error.errors.map(({ field, message }) => [field.replace(/^input\./, ''), message]),
          ),
        );
      }
      throw error;
    }
  };

  return (
    <div className="grid-2">
      <Panel title="Input" aside={wrong > 0 ? `${wrong} to correct` : 'complete'}>
        <SchemaForm
          fields={fields}
          filled={filled}
          problems={{ ...rejected, ...problems }}
          onChange={(next) => {
            setFilled(next);
            setRejected({});
          }}
        />
      </Panel>
      <Panel title="Input as JSON">
        <JsonView value={input} />
        <div className="field">
          <label htmlFor={id}>Workflow id</label>
          <input
            id={id}
            value={workflowId}
            placeholder="chosen by the server"
            onChange={(event) => setWorkflowId(event.target.value)}
          />
        </div>
        <div className="actions">
          <ActionButton
            label="Start"
            title={`Start: ${what.title}`}
            primary
            disabled={wrong > 0}
            consequence={
              <>
                <p>{what.description}</p>
                <p>The run starts now with the input shown. Its page can cancel it.</p>
              </>
            }
            act={start}
          />
        </div>
      </Panel>
    </div>
  );
}
