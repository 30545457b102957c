import { Link } from 'wouter';
import { weekLabelOf } from '../../../../../contracts/calendar.ts';
import { weekConclusion, weekToConclude } from '../../../../../contracts/drift-reading.ts';
import { metricLabel } from '../../../../../contracts/metric-facts.ts';
import type { DriftColumn, DriftDecision, DriftWeek } from '../../api/bodies.ts';
import { ColumnsByWeek } from './columns-by-week.tsx';
import { Distributions } from './distributions.tsx';
import { address } from '../../format/addresses.ts';
import { alignedNumber, number, percent } from '../../format/numbers.ts';
import { Answered, Outages } from '../../ui/answered.tsx';
import { Empty, PageHead, Panel, Unavailable } from '../../ui/panel.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { Table } from '../../ui/table.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { ReportLink } from '../../ui/uri-link.tsx';
import { useSearchFields } from '../../ui/use-address.ts';
import { useDrift } from './queries.ts';
import { WeekCharts } from './week-charts.tsx';
import { textOf, valueOf } from './week-values.ts';

/** Shows how the data differ from the reference by week and column, and the decisions. */
export function Drift() {
  const [fields, change] = useSearchFields();
  const system = fields.get('system') ?? undefined;
  const model = fields.get('model') ?? undefined;
  const query = useDrift(system, model);
  const systems = query.data?.data.systems ?? [];
  return (
    <>
      <PageHead
        title="Drift"
        actions={
          <>
            <label className="row">
              System
              <select value={system ?? ''} onChange={(event) => change({ system: event.target.value })}>
                <option value="">latest checked</option>
                {systems.map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            </label>
            {model && (
              <button type="button" className="button" onClick={() => change({ model: undefined })}>
                Show all versions, not only v{model}
              </button>
            )}
            <Link href={address.newRun('monitoring')} className="button button-primary">
              Check for drift
            </Link>
          </>
        }
      />
      <Answered query={query} what="the drift">
        {({ data, upstreams }) => (
          <>
            <Outages upstreams={upstreams} />
            <Conclusion
              decisions={data.decisions}
              columns={data.columns}
              week={fields.get('week') ?? textOf(weekToConclude(data.weeks ?? []) ?? {}, 'week')}
            />
            <Panel title="Decisions">
              <Decisions decisions={data.decisions} />
            </Panel>
            {data.weeks === null && <Unavailable server="Postgres" />}
            {data.weeks?.length === 0 && (
              <Panel title="Weeks">
                <Empty>
                  No week is checked yet. <Link href={address.newRun('monitoring')}>Check some months</Link>.
                </Empty>
              </Panel>
            )}
            {data.weeks && data.weeks.length > 0 && (
              <>
                <WeekCharts weeks={data.weeks} columns={data.columns ?? []} />
                <Panel title="Columns by week">
                  <ColumnsByWeek
                    columns={data.columns}
                    chosen={{
                      row: fields.get('column') ?? undefined,
                      column: fields.get('week') ?? undefined,
                    }}
                    onChoose={(column, week) => change({ column, week })}
                  />
                </Panel>
                <Distributions
                  weeks={data.weeks}
                  columns={data.columns}
                  week={fields.get('week') ?? undefined}
                  column={fields.get('column') ?? undefined}
                  onChange={change}
                />
                <Panel title="Weeks">
                  <Weeks weeks={data.weeks} />
                </Panel>
              </>
            )}
          </>
        )}
      </Answered>
    </>
  );
}

interface ConclusionProps {
  readonly decisions: readonly DriftDecision[] | null;
  readonly columns: readonly DriftColumn[] | null;
  readonly week: string;
}

/** Concludes a week in one sentence. */
function Conclusion({ decisions, columns, week }: ConclusionProps) {
  const scores = columns?.filter((each) => each.week === week) ?? [];
  // The newest decision on the week's span. Decisions are listed with the newest first.
  const decided = decisions?.find(({ currentFrom, currentTo }) => overlaps(week, currentFrom, currentTo));
  if (scores.length === 0 || !decided) return null;
  return (
    <p role="status" className={`notice notice-${NOTICES[decided.decision] ?? 'good'}`}>
      {weekConclusion(week, scores, decided)}
    </p>
  );
}

const NOTICES: Readonly<Record<string, string>> = { watch: 'warn', retrain: 'warn', alert: 'bad' };

/** Checks whether a span of days has a day of the ISO week. */
function overlaps(week: string, from: string, to: string): boolean {
  return weekLabelOf(from) <= week && week <= weekLabelOf(to);
}

function Decisions({ decisions }: { readonly decisions: readonly DriftDecision[] | null }) {
  if (!decisions) return <Unavailable server="Postgres" />;
  if (decisions.length === 0) return <Empty>No decision yet. Each drift check makes one.</Empty>;
  return (
    <ul className="list">
      {decisions.map((one) => (
        <li key={`${one.reportUri} ${one.recordedAt}`}>
          <StateBadge state={one.decision === 'keep' ? 'ok' : one.decision}>{one.decision}</StateBadge>
          <div className="decision">
            <p>
              <Link href={address.version(one.model, one.version)}>
                {one.model} v{one.version}
              </Link>{' '}
              on {one.system}, {one.currentFrom} to {one.currentTo} against {one.referenceFrom} to{' '}
              {one.referenceTo}: {number(one.driftedWeeks)} of {number(one.weeks)} weeks drifted
            </p>
            <ul className="reasons small muted">
              {one.reasons.map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
          </div>
          <span className="push row small muted">
            <TimeAgo at={one.recordedAt} />
            <ReportLink uri={one.htmlUri}>Open report</ReportLink>
          </span>
        </li>
      ))}
    </ul>
  );
}

function Weeks({ weeks }: { readonly weeks: readonly DriftWeek[] }) {
  const numeric = (
    head: string,
    column: string,
    format = (value: number | null) => alignedNumber(value),
  ) => ({
    head,
    numeric: true,
    cell: (week: DriftWeek) => format(valueOf(week, column)),
  });
  return (
    <Table
      caption="Weeks, newest first"
      rows={[...weeks].reverse()}
      rowKey={(week) =>
        `${textOf(week, 'week')} ${textOf(week, 'model_version')} ${textOf(week, 'reference_sha256')}`
      }
      columns={[
        { head: 'Week', cell: (week) => <span className="nowrap">{textOf(week, 'week')}</span> },
        { head: 'Model', cell: (week) => `v${textOf(week, 'model_version')}` },
        numeric('Hours', 'hours'),
        numeric('Prediction drift', 'prediction_drift'),
        numeric('Drifted columns', 'num_drifted_columns'),
        numeric('Missing', 'share_missing_values', percent),
        numeric(metricLabel('rmse'), 'rmse_score_current'),
        numeric(`${metricLabel('rmse')}, reference`, 'rmse_score_reference'),
        numeric(metricLabel('mae'), 'mae_score_current'),
        numeric(metricLabel('r2'), 'r2_score_current'),
        numeric('Mean error, trips per hour', 'mean_error_current'),
      ]}
    />
  );
}
