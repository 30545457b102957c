import { useId, type ReactNode } from 'react';
import { Link } from 'wouter';
import { useRuns, useWorkflowTypes } from '../../api/queries.ts';
import { address } from '../../format/addresses.ts';
import { Answered, Outages } from '../../ui/answered.tsx';
import { LoadMore } from '../../ui/load-more.tsx';
import { PageHead, Panel } from '../../ui/panel.tsx';
import { useSearchFields } from '../../ui/use-address.ts';
import { SystemChoice } from '../../panels/system-choice.tsx';
import { RunTable } from '../../panels/run-table.tsx';

const STATES = [
  'running',
  'completed',
  'failed',
  'cancelled',
  'terminated',
  'timed-out',
  'continued',
] as const;
const FILTERS = ['type', 'state', 'system', 'month', 'model', 'q'] as const;

/** Lists all runs. The address holds the filters. */
export function Runs() {
  const [fields, change] = useSearchFields();
  const given = FILTERS.flatMap((name) => {
    const value = fields.get(name);
    return value ? [[name, value] as const] : [];
  });
  const runs = useRuns(Object.fromEntries(given));
  const types = useWorkflowTypes();
  const value = (name: (typeof FILTERS)[number]) => fields.get(name) ?? '';
  return (
    <>
      <PageHead
        title="Runs"
        actions={
          <Link href={address.newRun(value('type') || undefined)} className="button button-primary">
            Start a run
          </Link>
        }
      />
      <Panel
        title="Filters"
        aside={
          given.length > 0 && (
            <button
              type="button"
              className="button button-small"
              onClick={() => change(Object.fromEntries(FILTERS.map((name) => [name, undefined])))}
            >
              Clear all
            </button>
          )
        }
      >
        <div className="filters" role="search" aria-label="Filter runs">
          <Choice label="Type" value={value('type')} onChange={(type) => change({ type })}>
            {types.data?.items.map(({ type }) => (
              <option key={type}>{type}</option>
            ))}
            {types.data && !types.data.items.some(({ type }) => type === value('type')) && value('type') && (
              <option>{value('type')}</option>
            )}
          </Choice>
          <Choice label="State" value={value('state')} onChange={(state) => change({ state })}>
            {STATES.map((state) => (
              <option key={state}>{state}</option>
            ))}
          </Choice>
          <SystemChoice value={value('system')} none="any" onChange={(system) => change({ system })} />
          <Text label="Month" type="month" value={value('month')} onChange={(month) => change({ month })} />
          <Text label="Model version" value={value('model')} onChange={(model) => change({ model })} />
          <Text label="Id contains" value={value('q')} onChange={(q) => change({ q })} />
        </div>
      </Panel>
      <Panel title="Results">
        <Answered query={runs} what="the runs">
          {({ pages }) => (
            <>
              <Outages upstreams={pages.at(-1)?.upstreams ?? {}} />
              <RunTable
                runs={
                  pages.some(({ data }) => data.items === null)
                    ? null
                    : pages.flatMap(({ data }) => data.items ?? [])
                }
                isPartial={runs.hasNextPage}
              />
              <LoadMore query={runs} />
            </>
          )}
        </Answered>
      </Panel>
    </>
  );
}

interface FilterProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, onChange, children }: FilterProps & { readonly children: ReactNode }) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">any</option>
        {children}
      </select>
    </div>
  );
}

function Text({ label, value, onChange, type = 'text' }: FilterProps & { readonly type?: 'text' | 'month' }) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} type={type} value={value} onChange={(event) => onChange(event.target.value)} />
    </div>
  );
}
