import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useRuns } from '../../api/queries.ts';
import type { Attention, Champion, Stage } from '../../api/bodies.ts';
import { address } from '../../format/addresses.ts';
import { number, plural, signed } from '../../format/numbers.ts';
import { duration } from '../../format/time.ts';
import { Answered, Outages } from '../../ui/answered.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Empty, PageHead, Panel, Unavailable } from '../../ui/panel.tsx';
import { StateBadge, StateIcon, lookOf } from '../../ui/state-badge.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { SystemChoice } from '../../panels/system-choice.tsx';
import { useSearchFields } from '../../ui/use-address.ts';
import { RunTable } from '../../panels/run-table.tsx';
import { NextHours } from './next-hours.tsx';
import { useOverview } from './queries.ts';

/** Summarises the forecast, the lifecycle, the champion, the next runs and what needs attention. */
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
      <NextHours system={system} />
      <Answered query={overview} what="the overview">
        {({ data, upstreams }) => (
          <>
            <Outages upstreams={upstreams} />
            <Panel title="Lifecycle" aside={data.running !== null && `${number(data.running)} running`}>
              {data.loop ? <Loop stages={data.loop} /> : <Unavailable server="Temporal" />}
            </Panel>
            <div className="grid-3">
              <Panel
                title="Needs attention"
                aside={data.attention.length > 0 && number(data.attention.length)}
              >
                <AttentionList
                  items={data.attention}
                  complete={Object.values(upstreams).every(({ state }) => state === 'up')}
                />
              </Panel>
              <Panel title="Champion">
                <ChampionFacts champion={data.champion} known={upstreams.mlflow?.state !== 'down'} />
              </Panel>
              <Panel title="Next scheduled runs" aside={<Link href="/schedules">All schedules</Link>}>
                {data.nextScheduled === null && <Unavailable server="Temporal" />}
                {data.nextScheduled?.length === 0 && (
                  <Empty>
                    Nothing is scheduled. Run <code>citibike schedules apply</code> to create the schedules.
                  </Empty>
                )}
                <ul className="list">
                  {data.nextScheduled?.map(({ scheduleId, workflow, at }) => (
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
            </div>
          </>
        )}
      </Answered>
      <Panel title="Latest runs" aside={<Link href="/runs">All runs</Link>}>
        <Answered query={runs} what="the latest runs">
          {({ pages }) => <RunTable runs={pages[0]?.data.items ?? null} />}
        </Answered>
      </Panel>
    </>
  );
}

const STAGE_TITLES: Readonly<Record<Stage['stage'], string>> = {
  fetch: 'Fetch',
  preprocess: 'Preprocess',
  train: 'Train',
  register: 'Register',
  deploy: 'Deploy',
  drift: 'Drift',
};

function Loop({ stages }: { readonly stages: readonly Stage[] }) {
  return (
    <ol className="loop">
      {stages.map(({ stage, state, lastRun, headline }) => (
        <li key={stage} className={`loop-stage loop-${lookOf(state).tone}`}>
          <b>{STAGE_TITLES[stage]}</b>
          <div>
            <StateBadge state={state} />
          </div>
          <p className="loop-headline">{headline}</p>
          <p className="small muted">
            {lastRun ? (
              <>
                <Link href={address.run(lastRun.workflowId, lastRun.runId)}>{lastRun.type}</Link>{' '}
                <TimeAgo at={lastRun.at} />, {duration(lastRun.durationMs)}
              </>
            ) : (
              'never ran'
            )}
          </p>
        </li>
      ))}
    </ol>
  );
}

interface AttentionListProps {
  readonly items: readonly Attention[];
  /** True if every server that could report something answered. */
  readonly complete: boolean;
}

function AttentionList({ items, complete }: AttentionListProps) {
  if (items.length === 0 && !complete) {
    return <Empty>The servers that answer report nothing. Others do not answer.</Empty>;
  }
  if (items.length === 0) return <Empty>Nothing needs attention.</Empty>;
  return (
    <ul className="list">
      {items.map(({ kind, title, href, at }) => (
        <li key={`${kind} ${title} ${href}`}>
          <StateBadge state={kind === 'upstream' ? 'down' : kind} />
          {/* Links only to addresses of this console; anything else stays text. */}
          {/^\/(?!\/)/.test(href) ? <Link href={href}>{title}</Link> : title}
          {at && (
            <span className="push small muted">
              <TimeAgo at={at} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

function spanOf({ from, to }: { readonly from: string; readonly to: string }): string {
  return from === to ? `of ${from}` : `from ${from} to ${to}`;
}

interface ChampionFactsProps {
  readonly champion: Champion | null;
  readonly known: boolean;
}

function ChampionFacts({ champion, known }: ChampionFactsProps) {
  if (!champion && !known) return <Unavailable server="MLflow" />;
  if (!champion)
    return (
      <Empty>
        No champion yet. <Link href={address.newRun('training')}>Train a model</Link>; the first version
        becomes the champion.
      </Empty>
    );
  const { model, version, metrics, since, served, liveAccuracy, checkedWeek, unknown } = champion;
  /** Returns the fact, or why it is unknown: a failed query must not look like an empty result. */
  const factOf = (name: keyof Champion, fact: ReactNode) =>
    unknown[name] === undefined ? fact : `unknown: ${unknown[name]}`;
  const wrong = served.filter((one) => one.version !== version);
  return (
    <>
      <p className="row">
        <Link href={address.version(model, version)} className="figure-of">
          {model} <b>v{version}</b>
        </Link>
      </p>
      <Facts
        facts={[
          ['test RMSE', metrics['rmse'] !== undefined && `${number(metrics['rmse'])} trips/h`],
          ['test R²', metrics['r2'] !== undefined && number(metrics['r2'])],
          [
            'live accuracy',
            factOf(
              'liveAccuracy',
              liveAccuracy
                ? `RMSE ${number(liveAccuracy.rmse)}, bias ${signed(liveAccuracy.bias)} trips/h in ${plural(liveAccuracy.hours, 'hour')} ${spanOf(liveAccuracy)}`
                : 'not measured yet: the trips of its forecast hours are not published',
            ),
          ],
          [
            'last check',
            factOf(
              'checkedWeek',
              checkedWeek && (
                <Link href="/drift">
                  RMSE {number(checkedWeek.rmse)}, R² {number(checkedWeek.r2)} in {checkedWeek.week}
                </Link>
              ),
            ),
          ],
          ['champion since', factOf('since', since && <TimeAgo at={since} />)],
          [
            'served by',
            factOf(
              'served',
              served.length === 0
                ? 'no live process'
                : wrong.length === 0
                  ? served.map(({ address: at }) => at).join(', ')
                  : wrong.map((one) => `${one.address} serves v${one.version ?? '–'}`).join(', '),
            ),
          ],
        ]}
      />
    </>
  );
}
