import { useId } from 'react';
import { useForecast } from '../../api/queries.ts';
import type { ForecastBody, ForecastIssue } from '../../api/bodies.ts';
import { number, percent } from '../../format/numbers.ts';
import { timeIn } from '../../format/time.ts';
import { ForecastChart, type IntervalShare } from '../../panels/forecast-chart.tsx';
import { ForecastDays } from '../../panels/forecast-days.tsx';
import { ForecastOrigin, NoForecast, StaleNotice } from '../../panels/forecast-notes.tsx';
import { SystemChoice } from '../../panels/system-choice.tsx';
import { Answered, Outages } from '../../ui/answered.tsx';
import { PageHead, Panel, Unavailable } from '../../ui/panel.tsx';
import { useSearchFields } from '../../ui/use-address.ts';
import { Scores } from './scores.tsx';

const SHARES: readonly IntervalShare[] = [0.5, 0.8, 0.9];

/** Shows an issue of the forecast beside earlier ones and actual trips, its weather, and scores by lead day. */
export function Forecast() {
  const [fields, change] = useSearchFields();
  const system = fields.get('system') ?? '';
  const issuedAt = fields.get('issuedAt') ?? '';
  const query = useForecast(system, issuedAt);
  const interval = SHARES.find((share) => String(share) === fields.get('interval')) ?? 0.9;
  const issue = query.data?.data?.issue;
  return (
    <>
      <PageHead
        title="Forecast"
        actions={
          <>
            <SystemChoice
              value={system}
              none="served model"
              onChange={(chosen) => change({ system: chosen, issuedAt: undefined })}
            />
            {issue && (
              <IssueChoice
                issue={issue}
                issues={query.data?.data?.issues ?? []}
                onChange={(chosen) => change({ issuedAt: chosen })}
              />
            )}
          </>
        }
      />
      <Answered query={query} what="the forecast">
        {({ data, upstreams }) => (
          <>
            <Outages upstreams={upstreams} />
            {!data && (
              <Panel title="Trips by hour">
                <Unavailable server="Postgres" />
              </Panel>
            )}
            {data && !data.issue && (
              <Panel title="Trips by hour">
                <NoForecast system={system} />
              </Panel>
            )}
            {data?.issue && (
              <>
                <Panel
                  title="Trips by hour"
                  aside={
                    <IntervalChoice value={interval} onChange={(share) => change({ interval: share })} />
                  }
                >
                  {(!issuedAt || isNewest(data)) && <StaleNotice issue={data.issue} />}
                  <ForecastOrigin issue={data.issue} />
                  <ForecastChart
                    title={`Trips per hour over the whole system, time of ${data.issue.timeZone}`}
                    timeZone={data.issue.timeZone}
                    hours={data.issue.hours}
                    interval={interval}
                    earlier={data.earlier}
                  />
                  <p className="small muted">{levelOf(data.issue)}</p>
                </Panel>
                <Panel title="Days">
                  <ForecastDays days={data.issue.weather} hours={data.issue.hours} />
                </Panel>
              </>
            )}
          </>
        )}
      </Answered>
      <Scores system={system} />
    </>
  );
}

/** Checks for the newest issue. An older one that the reader has chosen is no reason to warn. */
function isNewest({ issue, issues }: ForecastBody): boolean {
  return issues.every(({ issuedAt }) => issue !== null && issuedAt <= issue.issuedAt);
}

function levelOf({ level: { factor, deviation, month } }: ForecastIssue): string {
  const spread = `standard deviation ${number(deviation * 100, 2)} %`;
  return month === null
    ? `No month has been published since the training, so the level is 1 (${spread}).`
    : `Predictions are multiplied by the level of published months, ${number(factor, 3)} (${spread}, newest month ${month}).`;
}

interface IntervalChoiceProps {
  readonly value: IntervalShare;
  readonly onChange: (share: string) => void;
}

function IntervalChoice({ value, onChange }: IntervalChoiceProps) {
  return (
    <label className="row">
      Interval
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        {SHARES.map((share) => (
          <option key={share} value={share}>
            {percent(share)}
          </option>
        ))}
      </select>
    </label>
  );
}

interface IssueChoiceProps {
  readonly issue: ForecastIssue;
  readonly issues: ForecastBody['issues'];
  readonly onChange: (issuedAt: string | undefined) => void;
}

/** Lets the reader choose an issue from the list, or step through it. */
function IssueChoice({ issue, issues, onChange }: IssueChoiceProps) {
  const id = useId();
  const isListed = issues.some(({ issuedAt }) => issuedAt === issue.issuedAt);
  const listed = isListed ? issues : [issue, ...issues];
  const at = listed.findIndex(({ issuedAt }) => issuedAt === issue.issuedAt);
  const step = (label: string, to: number) => (
    <button
      type="button"
      className="button"
      disabled={listed[to] === undefined}
      onClick={() => onChange(listed[to]?.issuedAt)}
    >
      {label}
    </button>
  );
  return (
    <div className="row row-end">
      {step('Earlier', at + 1)}
      <div className="field">
        <label htmlFor={id}>{`Issue ${listed.length - at} of ${listed.length}`}</label>
        <select id={id} value={issue.issuedAt} onChange={(event) => onChange(event.target.value)}>
          {listed.map(({ issuedAt, provider }) => (
            <option key={issuedAt} value={issuedAt}>
              {timeIn(issue.timeZone, issuedAt)}
              {provider === 'climatology' && ', climatology'}
            </option>
          ))}
        </select>
      </div>
      {step('Later', at - 1)}
    </div>
  );
}
