import { Link } from 'wouter';
import type { DriftColumn, DriftDecision, DriftWeek } from '../../api/bodies.ts';
import { HeatMap, type HeatCell } from '../../charts/heat-map.tsx';
import { LineChart, type Series } from '../../charts/line-chart.tsx';
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
                <Charts weeks={data.weeks} />
                <Panel title="Columns by week">
                  <Columns
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

function valueOf(week: DriftWeek, name: string): number | null {
  const value = week[name];
  return typeof value === 'number' ? value : null;
}

function textOf(week: DriftWeek, name: string): string {
  const value = week[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The charts of the Grafana dashboard, from the same rows. */
const CHARTS: readonly {
  readonly title: string;
  readonly lines: readonly (readonly [column: string, label: string])[];
  readonly fromZero?: boolean;
}[] = [
  { title: 'Prediction drift (distance)', lines: [['prediction_drift', 'drift']], fromZero: true },
  { title: 'Drifted columns', lines: [['num_drifted_columns', 'columns']], fromZero: true },
  {
    title: 'RMSE, trips an hour',
    lines: [
      ['rmse_score_current', 'current'],
      ['rmse_score_reference', 'reference'],
    ],
    fromZero: true,
  },
  {
    title: 'R²',
    lines: [
      ['r2_score_current', 'current'],
      ['r2_score_reference', 'reference'],
    ],
  },
  {
    title: 'Mean error, trips an hour',
    lines: [
      ['mean_error_current', 'current'],
      ['mean_error_reference', 'reference'],
    ],
    fromZero: true,
  },
  { title: 'Share of missing values', lines: [['share_missing_values', 'missing']], fromZero: true },
];

function Charts({ weeks }: { readonly weeks: readonly DriftWeek[] }) {
  return (
    <div className="grid-3">
      {CHARTS.map(({ title, lines, fromZero = false }) => (
        <section key={title} className="panel">
          <LineChart
            title={title}
            xTitle="week"
            height={170}
            ticksAtPoints
            fromZero={fromZero}
            xFormat={(x) => textOf(weeks[Math.round(x)] ?? {}, 'week').replace(/^\d{4}-/, '')}
            series={lines.map(([column, label], i): Series => ({
              label,
              tone: i === 0 ? 1 : 6,
              dashed: i > 0,
              points: weeks.map((week, x) => ({ x, y: valueOf(week, column) })),
            }))}
          />
        </section>
      ))}
    </div>
  );
}

interface ColumnsProps {
  readonly columns: readonly DriftColumn[] | null;
  readonly chosen: { readonly row: string | undefined; readonly column: string | undefined };
  readonly onChoose: (column: string, week: string) => void;
}

function Columns({ columns, chosen, onChoose }: ColumnsProps) {
  if (!columns || columns.length === 0) return <Empty>The checks of these weeks compared no column.</Empty>;
  const cells = columns.map(({ week, column, score, threshold, drifted, test }): HeatCell => ({
    row: column,
    column: week,
    level: levelOf(score, threshold, drifted, test),
    marked: drifted,
    text: `${test ?? 'no test'} ${number(score)}${threshold === null ? '' : `, threshold ${number(threshold)}`}${drifted ? ': drifted' : ''}`,
  }));
  return (
    <>
      <HeatMap
        title="Drift score of each column by week; a dot marks a score beyond its threshold"
        rows={[...new Set(columns.map(({ column }) => column))]}
        columns={[...new Set(columns.map(({ week }) => week))].sort()}
        columnLabel={(week) => week.replace(/^\d{4}-/, '')}
        cells={cells}
        chosen={chosen}
        onChoose={onChoose}
      />
      <p className="hint">Click a cell to compare its week with the reference below.</p>
    </>
  );
}

/** Grades a distance by its ratio to the threshold. A p-value has no such ratio: it drifts below its threshold. */
function levelOf(
  score: number | null,
  threshold: number | null,
  drifted: boolean,
  test: string | null,
): HeatCell['level'] {
  if (score === null || threshold === null || threshold === 0) return drifted ? 4 : 0;
  const byDistance = /wasserstein|kl_div|psi|jensenshannon|hellinger|ed$/.test(test ?? '');
  const ratio = byDistance ? score / threshold : drifted ? 2 : 0.5;
  if (!drifted) return ratio > 0.5 ? 1 : 0;
  return ratio > 8 ? 4 : ratio > 3 ? 3 : 2;
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
        { head: 'Week', cell: (week) => textOf(week, 'week') },
        { head: 'Model', cell: (week) => `v${textOf(week, 'model_version')}` },
        numeric('Hours', 'hours'),
        numeric('Prediction drift', 'prediction_drift'),
        numeric('Drifted columns', 'num_drifted_columns'),
        numeric('Missing', 'share_missing_values', percent),
        numeric('RMSE', 'rmse_score_current'),
        numeric('RMSE, reference', 'rmse_score_reference'),
        numeric('MAE', 'mae_score_current'),
        numeric('R²', 'r2_score_current'),
        numeric('Mean error', 'mean_error_current'),
      ]}
    />
  );
}
