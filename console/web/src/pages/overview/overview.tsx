import { Link } from 'wouter';
import type { ScheduledRun } from '../../api/bodies.ts';
import { useRuns } from '../../api/queries.ts';
import { address } from '../../format/addresses.ts';
import { number } from '../../format/numbers.ts';
import { Answered, Outages } from '../../ui/answered.tsx';
import { Empty, PageHead, Panel, Unavailable } from '../../ui/panel.tsx';
import { StateIcon } from '../../ui/state-badge.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { SystemChoice } from '../../panels/system-choice.tsx';
import { useSearchFields } from '../../ui/use-address.ts';
import { RunTable } from '../../panels/run-table.tsx';
import { AttentionList } from './attention-list.tsx';
import { NextHours } from './next-hours.tsx';
import { Pipeline } from './pipeline.tsx';
import { useOverview } from './queries.ts';
import { ServedNow } from './served-now.tsx';

/** Says what is served, what needs a person, what is forecast and where the pipeline stands. */
export function Overview() {
  const [fields, change] = useSearchFields();
  const system = fields.get('system') ?? '';
  const overview = useOverview(system);
  const runs = useRuns(system ? { system } : {}, 8);
  return (
    <>
      <PageHead
        title="Overview"
        actions={
          <>
            <SystemChoice value={system} none="all" onChange={(chosen) => change({ system: chosen })} />
            <Link href={address.newRun('lifecycle')} className="button button-primary">
              Start a run
            </Link>
          </>
        }
      />
      <Answered query={overview} what="the overview">
        {({ data, upstreams }) => (
          <>
            <Outages upstreams={upstreams} />
            <div className="grid-2">
              <ServedNow
                serving={data.serving}
                champion={data.champion}
                known={upstreams.mlflow?.state !== 'down'}
              />
              <Panel
                title="Needs attention"
                aside={data.attention.length > 0 && number(data.attention.length)}
              >
                <AttentionList
                  items={data.attention}
                  complete={Object.values(upstreams).every(({ state }) => state === 'up')}
                />
              </Panel>
            </div>
          </>
        )}
      </Answered>
      <NextHours system={system} />
      {overview.data && (
        <>
          <Panel
            title="Pipeline"
            aside={overview.data.data.running !== null && `${number(overview.data.data.running)} running`}
          >
            {overview.data.data.loop ? (
              <Pipeline stages={overview.data.data.loop} />
            ) : (
              <Unavailable server="Temporal" />
            )}
          </Panel>
          <NextRuns runs={overview.data.data.nextScheduled} />
        </>
      )}
      <Panel title="Latest runs" aside={<Link href="/runs">All runs</Link>}>
        <Answered query={runs} what="the latest runs">
          {({ pages }) => <RunTable runs={pages[0]?.data.items ?? null} />}
        </Answered>
      </Panel>
    </>
  );
}

function NextRuns({ runs }: { readonly runs: readonly ScheduledRun[] | null }) {
  return (
    <Panel title="Next scheduled runs" aside={<Link href="/schedules">All schedules</Link>}>
      {runs === null && <Unavailable server="Temporal" />}
      {runs?.length === 0 && (
        <Empty>
          Nothing is scheduled. Run <code>citibike schedules apply</code> to create the schedules.
        </Empty>
      )}
      <ul className="list">
        {runs?.map(({ scheduleId, workflow, at }) => (
          <li key={`${scheduleId} ${at}`}>
            <StateIcon state="scheduled" />
            <Link href="/schedules">{scheduleId}</Link>
            {workflow !== scheduleId && <span className="muted small">{workflow}</span>}
            <span className="push">
              <TimeAgo at={at} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
