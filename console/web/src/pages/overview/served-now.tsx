import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Champion, Serving } from '../../api/bodies.ts';
import { address } from '../../format/addresses.ts';
import { number, plural, signed } from '../../format/numbers.ts';
import { Facts } from '../../ui/facts.tsx';
import { Empty, Panel } from '../../ui/panel.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';

interface ServedNowProps {
  readonly serving: Serving | null;
  readonly champion: Champion | null;
  /** True if MLflow answered, so that a missing champion means that there is none. */
  readonly known: boolean;
}

/** Says which version answers requests now, since when, and how large its error is. */
export function ServedNow({ serving, champion, known }: ServedNowProps) {
  const served = serving?.served ?? undefined;
  return (
    <Panel title="Served now" aside={<ServedState serving={serving} champion={champion} />}>
      <p className="row figure-of">
        {served ? (
          <Link href={address.version(served.model, served.version)}>
            {served.model} <b>v{served.version}</b>
          </Link>
        ) : (
          <span className="muted">
            {serving
              ? 'The prediction service has no version yet.'
              : 'The prediction service does not answer.'}
          </span>
        )}
      </p>
      <Facts
        facts={[
          [
            'answers since',
            served && (
              <>
                <TimeAgo at={served.since} /> at <code>{serving?.address}</code>
                {served.fromDisk && ', from its disk: not yet compared with the registry'}
              </>
            ),
          ],
          ...championFacts(champion),
        ]}
      />
      {!champion && known && (
        <Empty>
          No champion yet. <Link href={address.newRun('training')}>Train a model</Link>; the first version
          becomes the champion.
        </Empty>
      )}
      {!champion && !known && <Empty>MLflow does not answer, so the champion is unknown.</Empty>}
    </Panel>
  );
}

function ServedState({ serving, champion }: Pick<ServedNowProps, 'serving' | 'champion'>) {
  const served = serving?.served;
  if (!serving || !served)
    return <StateBadge state="down">{serving ? 'no version' : 'no answer'}</StateBadge>;
  if (!champion) return null;
  const isChampion = served.model === champion.model && served.version === champion.version;
  return isChampion ? (
    <StateBadge state="up">serves the champion</StateBadge>
  ) : (
    <StateBadge state="warn">not the champion</StateBadge>
  );
}

function championFacts(champion: Champion | null): readonly (readonly [string, ReactNode])[] {
  if (!champion) return [];
  const { model, version, metrics, since, served, liveAccuracy, checkedWeek, unknown } = champion;
  /** Returns the fact, or why it is unknown: a failed query must not look like an empty result. */
  const factOf = (name: keyof Champion, fact: ReactNode) =>
    unknown[name] === undefined ? fact : `unknown: ${unknown[name]}`;
  return [
    [
      'champion',
      <>
        <Link href={address.version(model, version)}>
          {model} v{version}
        </Link>
        {factOf(
          'since',
          since && (
            <>
              , since <TimeAgo at={since} />
            </>
          ),
        )}
      </>,
    ],
    [
      'live error',
      factOf(
        'checkedWeek',
        checkedWeek ? (
          <>
            <b>RMSE {number(checkedWeek.rmse)} trips/h</b>, R² {number(checkedWeek.r2)} in week{' '}
            <Link href={address.drift(undefined, version)}>{checkedWeek.week}</Link>, the last that a drift
            check compared
          </>
        ) : (
          'not measured yet: no drift check compared a week of this version'
        ),
      ),
    ],
    ['test RMSE', metrics['rmse'] !== undefined && `${number(metrics['rmse'])} trips/h`],
    [
      'forecast error',
      factOf(
        'liveAccuracy',
        liveAccuracy
          ? `RMSE ${number(liveAccuracy.rmse)}, bias ${signed(liveAccuracy.bias)} trips/h in ${plural(liveAccuracy.hours, 'hour')} ${spanOf(liveAccuracy)}`
          : 'not measured yet: the trips of its forecast hours are not published',
      ),
    ],
    [
      'processes',
      factOf(
        'served',
        served.length === 0
          ? `none of ${model} is alive`
          : served
              .map((one) => `${one.address}${one.version === version ? '' : ` (v${one.version ?? '–'})`}`)
              .join(', '),
      ),
    ],
  ];
}

function spanOf({ from, to }: { readonly from: string; readonly to: string }): string {
  return from === to ? `of ${from}` : `from ${from} to ${to}`;
}
