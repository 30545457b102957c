import { useId, useState } from 'react';
import { useLocation } from 'wouter';
import { api, bodyOf } from '../../api/api-client.ts';
import type { Schedule, WorkflowType } from '../../api/bodies.ts';
import { ApiProblem } from '../../api/problem.ts';
import { useSchedules, useSystems, useWorkflowTypes } from '../../api/queries.ts';
import { fieldsOf, filledFrom, inputOf, keyOf, type Filled } from '../../schema-form/fields.ts';
import { SchemaForm } from '../../schema-form/schema-form.tsx';
import { ActionButton } from '../../ui/action-button.tsx';
import { Answered, Outages } from '../../ui/answered.tsx';
import { ManagedNotice } from '../../panels/managed-notice.tsx';
import { Empty, PageHead, Panel } from '../../ui/panel.tsx';
import { useSearchFields } from '../../ui/use-address.ts';
import { draftOf, timesOf } from './schedule-draft.ts';
import { TimesForm } from './times-form.tsx';

/** Creates a schedule, or changes the one that the address names. */
export function EditSchedule() {
  const [fields] = useSearchFields();
  const id = fields.get('id') ?? undefined;
  const types = useWorkflowTypes();
  const schedules = useSchedules();
  return (
    <>
      <PageHead
        title={id ? `Change ${id}` : 'New schedule'}
        crumbs={[{ href: '/schedules', label: 'Schedules' }]}
      />
      <Answered query={schedules} what="the schedules">
        {({ data, upstreams }) => (
          <>
            <Outages upstreams={upstreams} />
            <Answered query={types} what="the workflow types">
              {({ items }) => {
                const schedule = data.items?.find((each) => each.id === id);
                if (id !== undefined && !schedule)
                  return <Empty>There is no schedule {id}, or Temporal does not answer.</Empty>;
                return <Editor key={id} types={items} schedule={schedule} />;
              }}
            </Answered>
          </>
        )}
      </Answered>
    </>
  );
}

/** Limits the schedules check for drift or forecast. */
const USUAL_WORKFLOW = 'monitoring';

interface EditorProps {
  readonly types: readonly WorkflowType[];
  readonly schedule: Schedule | undefined;
}

function Editor({ types, schedule }: EditorProps) {
  const [workflow, setWorkflow] = useState(schedule?.workflow ?? USUAL_WORKFLOW);
  const type = types.find((each) => each.type === workflow);
  const fields = fieldsOf(type?.schema ?? {});
  const [filled, setFilled] = useState<Filled>(() => filledFrom(fields, schedule?.input ?? type?.example));
  const [draft, setDraft] = useState(() => draftOf(schedule?.definition));
  const systemId = filled['system'] || fields.find((field) => keyOf(field) === 'system')?.fallback;
  const system = useSystems().data?.items.find((each) => each.id === systemId);
  const times = { ...draft, timezone: draft.timezone ?? system?.timeZone ?? 'UTC' };
  const [newId, setNewId] = useState('');
  const [rejected, setRejected] = useState<Readonly<Record<string, string>>>({});
  const [, navigate] = useLocation();
  const ids = { id: useId(), workflow: useId() };
  const { input, problems } = inputOf(fields, filled);
  const id = schedule?.id ?? newId;
  const isIncomplete = id === '' || Object.keys(problems).length > 0;

  const choose = (next: string) => {
    const chosen = types.find((each) => each.type === next);
    setWorkflow(next);
    setFilled(filledFrom(fieldsOf(chosen?.schema ?? {}), chosen?.example));
  };
  const save = async () => {
    setRejected({});
    const request = { params: { path: { id } }, body: { workflow, input, ...timesOf(times) } };
    try {
      await bodyOf(
        schedule ? api.PUT('/api/schedules/{id}', request) : api.POST('/api/schedules/{id}', request),
      );
    } catch (error) {
      if (error instanceof ApiProblem)
        setRejected(Object.fromEntries(error.errors.map(({ field, message }) => [field, message])));
      throw error;
    }
    navigate('/schedules');
    return `Saved ${id}.`;
  };

  return (
    <>
      {schedule?.managed && <ManagedNotice what="changes" />}
      {schedule && !schedule.definition && (
        <p className="notice notice-warn">
          This form cannot show the times of {schedule.id} ({schedule.spec}). Saving replaces them.
        </p>
      )}
      <Panel title="Schedule">
        <div className="form-grid">
          {!schedule && (
            <div className="field">
              <label htmlFor={ids.id}>
                Id <span className="required">(required)</span>
              </label>
              <input
                id={ids.id}
                value={newId}
                maxLength={200}
                placeholder="monthly-drift-jc"
                onChange={(event) => setNewId(event.target.value)}
              />
              <p className="hint">letters, digits and _ . : @ + -</p>
            </div>
          )}
          <div className="field">
            <label htmlFor={ids.workflow}>Workflow</label>
            <select id={ids.workflow} value={workflow} onChange={(event) => choose(event.target.value)}>
              {types.map((each) => (
                <option key={each.type} value={each.type}>
                  {each.title}
                </option>
              ))}
            </select>
            <p className="hint">{type?.description}</p>
          </div>
        </div>
      </Panel>
      <Panel title="Times">
        <TimesForm draft={times} onChange={(changes) => setDraft({ ...draft, ...changes })} />
      </Panel>
      <Panel title="Input of each run">
        <SchemaForm
          fields={fields}
          filled={filled}
          problems={{ ...rejected, ...problems }}
          onChange={setFilled}
        />
      </Panel>
      <div className="actions">
        <ActionButton
          label={schedule ? 'Save changes' : 'Create'}
          title={schedule ? `Change ${id}` : `Create ${id}`}
          primary
          disabled={isIncomplete}
          consequence={
            <>
              <p>
                The schedule{' '}
                {draft.paused
                  ? 'is saved as paused and starts no runs until someone resumes it'
                  : `starts ${workflow} at its times, from now on`}
                . Runs in progress continue.
              </p>
              {schedule?.managed && <ManagedNotice what="changes" />}
            </>
          }
          act={save}
        />
      </div>
    </>
  );
}
