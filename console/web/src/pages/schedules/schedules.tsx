import { useId, useState } from 'react';
import { Link } from 'wouter';
import { isDay } from '../../../../../contracts/calendar.ts';
import type { Schedule } from '../../api/bodies.ts';
import { api, bodyOf } from '../../api/api-client.ts';
import { useSchedules } from '../../api/queries.ts';
import { address } from '../../format/addresses.ts';
import { absoluteTime } from '../../format/time.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { Answered, Outages } from '../../ui/answered.tsx';
import { ManagedNotice } from '../../panels/managed-notice.tsx';
import { Facts } from '../../ui/facts.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { Empty, PageHead, Panel, Unavailable } from '../../ui/panel.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { Audit } from './audit.tsx';

/** Shows the schedules with their next runs, and the audit of actions. */
export function Schedules() {
  const schedules = useSchedules();
  return (
    <>
      <PageHead
        title="Schedules"
        actions={
          <Link className="button button-primary" href={address.editSchedule()}>
            New schedule
          </Link>
        }
      />
      <Answered query={schedules} what="the schedules">
        {({ data, upstreams }) => (
          <>
            <Outages upstreams={upstreams} />
            {data.items === null && <Unavailable server="Temporal" />}
            {data.items?.length === 0 && (
              <Panel title="No schedules">
                <Empty>
                  Create one above, or run <code>citibike schedules apply</code> to create the schedules of
                  the configuration.
                </Empty>
              </Panel>
            )}
            {data.items?.map((schedule) => (
              <OneSchedule key={schedule.id} schedule={schedule} />
            ))}
          </>
        )}
      </Answered>
      <Audit />
    </>
  );
}

function OneSchedule({ schedule }: { readonly schedule: Schedule }) {
  const { id, workflow, paused, note, spec, timezone, next, recent, input, managed } = schedule;
  const path = { id };
  return (
    <Panel
      title={id}
      aside={
        <>
          {managed && <span className="tag">managed by schedules.yaml</span>}
          <StateBadge state={paused ? 'paused' : 'scheduled'}>{paused ? 'paused' : 'active'}</StateBadge>
          {paused ? (
            <ActionButton
              label="Resume"
              title={`Resume ${id}`}
              consequence={
                <p>
                  The schedule starts {workflow} at its times again. It does not make up for missed times.
                </p>
              }
              act={async () => {
                await bodyOf(api.POST('/api/schedules/{id}/unpause', { params: { path }, body: {} }));
                return 'Resumed.';
              }}
            />
          ) : (
            <ActionButton
              label="Pause"
              title={`Pause ${id}`}
              consequence={
                <p>The schedule starts no runs until someone resumes it. Runs in progress continue.</p>
              }
              act={async () => {
                await bodyOf(api.POST('/api/schedules/{id}/pause', { params: { path }, body: {} }));
                return 'Paused.';
              }}
            />
          )}
          <ActionButton
            label="Trigger"
            title={`Trigger ${id}`}
            consequence={<p>The schedule starts {workflow} once, now.</p>}
            act={async () => {
              await bodyOf(api.POST('/api/schedules/{id}/trigger', { params: { path }, body: {} }));
              return <Link href="/runs">Started. Open the runs</Link>;
            }}
          />
          <Backfill schedule={schedule} />
          <Link className="button" href={address.editSchedule(id)}>
            Change
          </Link>
          <ActionButton
            label="Delete"
            title={`Delete ${id}`}
            danger
            consequence={
              <>
                <p>The schedule starts no more runs and disappears. Runs that it started continue.</p>
                {managed && <ManagedNotice what="deletes" />}
              </>
            }
            act={async () => {
              await bodyOf(api.DELETE('/api/schedules/{id}', { params: { path } }));
              return `Deleted ${id}.`;
            }}
          />
        </>
      }
    >
      <div className="grid-2">
        <Facts
          facts={[
            ['workflow', workflow],
            ['spec', [spec, timezone].filter(Boolean).join(', ')],
            ['note', note],
            [
              'next',
              next.length === 0 ? (
                nextOfNone(paused)
              ) : (
                <ul>
                  {next.slice(0, 5).map((at) => (
                    <li key={at}>
                      {absoluteTime(at)}{' '}
                      <span className="muted">
                        (<TimeAgo at={at} />)
                      </span>
                    </li>
                  ))}
                </ul>
              ),
            ],
            [
              'recent',
              recent.length > 0 ? (
                <ul>
                  {recent.slice(-5).map(({ at, workflowId }) => (
                    <li key={at}>
                      {workflowId ? (
                        <Link href={address.run(workflowId)}>{workflowId}</Link>
                      ) : (
                        'no run started'
                      )}{' '}
                      <span className="muted">
                        <TimeAgo at={at} />
                      </span>
                    </li>
                  ))}
                </ul>
              ) : (
                'never'
              ),
            ],
          ]}
        />
        <JsonView value={input} />
      </div>
    </Panel>
  );
}

function Backfill({ schedule: { id, workflow } }: { readonly schedule: Schedule }) {
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const ids = { from: useId(), to: useId() };
  return (
    <ActionButton
      label="Backfill"
      title={`Backfill ${id}`}
      consequence={
        <>
          <p>The schedule starts {workflow} once for each of its times between these days.</p>
          <div className="form-grid">
            <div className="field">
              <label htmlFor={ids.from}>From</label>
              <input
                id={ids.from}
                type="date"
                value={from}
                onChange={(event) => setFrom(event.target.value)}
              />
            </div>
            <div className="field">
              <label htmlFor={ids.to}>To (inclusive)</label>
              <input id={ids.to} type="date" value={to} onChange={(event) => setTo(event.target.value)} />
            </div>
          </div>
        </>
      }
      act={async () => {
        if (!isDay(from) || !isDay(to) || to < from)
          throw new Error('Expected two days, the second on or after the first.');
        await bodyOf(
          api.POST('/api/schedules/{id}/backfill', {
            params: { path: { id } },
            body: { from: `${from}T00:00:00.000Z`, to: `${to}T23:59:59.000Z` },
          }),
        );
        return <Link href="/runs">Backfill started. Open the runs</Link>;
      }}
    />
  );
}

function nextOfNone(paused: boolean): string {
  return paused ? 'none while it is paused' : 'never: no date has these times';
}
