import { metricLabel } from '../../../../../contracts/metric-facts.ts';
import type { LeadDayScore } from '../../api/bodies.ts';
import { BarChart } from '../../charts/bar-chart.tsx';
import { LineChart } from '../../charts/line-chart.tsx';
import { alignedNumber, number, percent, signed } from '../../format/numbers.ts';
import { Answered, Outages } from '../../ui/answered.tsx';
import { Empty, Panel, Unavailable } from '../../ui/panel.tsx';
import { Table } from '../../ui/table.tsx';
import { useSearchFields } from '../../ui/use-address.ts';
import { useForecastScores } from './queries.ts';

/** Shows the errors of the forecasts of a published month by lead day. */
export function Scores({ system }: { readonly system: string }) {
  const [fields, change] = useSearchFields();
  const query = useForecastScores(system);
  const scores = query.data?.data.scores ?? [];
  const months = [...new Set(scores.map(({ month }) => month))];
  const month = months.find((one) => one === fields.get('month')) ?? months[0];
  return (
    <Panel
      title="Scores by lead day"
      aside={
        months.length > 0 && (
          <label className="row">
            Month
            <select value={month} onChange={(event) => change({ month: event.target.value })}>
              {months.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </label>
        )
      }
    >
      <Answered query={query} what="the scores">
        {({ data, upstreams }) => (
          <>
            <Outages upstreams={upstreams} />
            {data.scores === null && <Unavailable server="Postgres" />}
            {data.scores?.length === 0 && (
              <Empty>
                No month has been scored yet. When the trips of a month are ingested, the forecasts for it are
                scored.
              </Empty>
            )}
            {scores.length > 0 && <Month scores={scores.filter((score) => score.month === month)} />}
          </>
        )}
      </Answered>
    </Panel>
  );
}

/** Defines the series of the bar chart. What no score has is left out. */
const ERRORS = [
  ['rmse', 'forecast', 1],
  ['rmseObserved', 'with observed weather', 3],
  ['rmseNaive', 'naive forecast', 6],
] as const;

const COVERAGES = [
  ['coverage90', '90 % interval', 1],
  ['coverage80', '80 % interval', 3],
  ['coverage50', '50 % interval', 4],
] as const;

function Month({ scores }: { readonly scores: readonly LeadDayScore[] }) {
  return (
    <>
      <div className="grid-2">
        <BarChart
          title={`${metricLabel('rmse')}, by lead day`}
          xTitle="lead day"
          labels={scores.map(({ leadDay }) => String(leadDay))}
          series={ERRORS.filter(([column]) => scores.some((score) => score[column] !== null)).map(
            ([column, label, tone]) => ({ label, tone, values: scores.map((score) => score[column]) }),
          )}
        />
        <LineChart
          title="Share of hours within the interval"
          xTitle="lead day"
          height={200}
          fromZero
          ticksAtPoints
          yFormat={percent}
          series={COVERAGES.map(([column, label, tone]) => ({
            label,
            tone,
            points: scores.map((score) => ({ x: score.leadDay, y: score[column] })),
          }))}
        />
      </div>
      <Table
        caption="Scores by lead day"
        rows={scores}
        rowKey={({ leadDay }) => String(leadDay)}
        columns={[
          { head: 'Lead day', cell: ({ leadDay }) => leadDay },
          figure('Hours', ({ hours }) => number(hours)),
          figure(metricLabel('rmse'), ({ rmse }) => alignedNumber(rmse)),
          figure(metricLabel('mae'), ({ mae }) => alignedNumber(mae)),
          figure(metricLabel('bias'), ({ bias }) => signed(bias)),
          figure('Skill', ({ skill }) => percent(skill)),
          figure('Coverage, 90 %', ({ coverage90 }) => percent(coverage90)),
          figure('Coverage, 80 %', ({ coverage80 }) => percent(coverage80)),
          figure('Coverage, 50 %', ({ coverage50 }) => percent(coverage50)),
          figure('Width, 90 %', ({ width90 }) => number(width90)),
          figure('Winkler, 90 %', ({ winkler90 }) => number(winkler90)),
          figure('Climatology', ({ climatologyShare }) => percent(climatologyShare)),
        ]}
      />
      <p className="hint">
        Lead day 1 is the day after the day of issue. Skill is the share of the naive forecast’s RMSE that the
        forecast removes; the naive forecast is the mean by hour, weekday and month.
      </p>
    </>
  );
}

function figure(head: string, cell: (score: LeadDayScore) => string) {
  return { head, numeric: true, cell };
}
