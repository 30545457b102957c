import { Link } from 'wouter';
import { weekLabelOf } from '../../../../../contracts/calendar.ts';
import { excess, readableScores, scoreText, weekConclusion } from '../../../../../contracts/drift-reading.ts';
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
            <Conclusion
              decisions={data.decisions}
              columns={data.columns}
              week={fields.get('week') ?? textOf(data.weeks?.at(-1) ?? {}, 'week')}
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
                <Charts weeks={data.weeks} columns={data.columns ?? []} />
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

interface ConclusionProps {
  readonly decisions: readonly DriftDecision[] | null;
  readonly columns: readonly DriftColumn[] | null;
  readonly week: string;
}

/** Concludes the chosen week, or else the newest one, in one sentence. */
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

function valueOf(week: DriftWeek, name: string): number | null {
  const value = week[name];
  return typeof value === 'number' ? value : null;
}

function textOf(week: DriftWeek, name: string): string {
  const value = week[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Share of drifted columns from which a week counts as drifted, as in Evidently. */
const DRIFT_SHARE = 0.5;

/** The charts of the Grafana dashboard, from the same rows. */
const CHARTS: readonly {
  readonly title: string;
  readonly lines: readonly (readonly [column: string, label: string])[];
  /** Returns the threshold of the week. */
  readonly threshold?: (week: DriftWeek, columns: readonly DriftColumn[]) => number | null;
  readonly fromZero?: boolean;
}[] = [
  {
    title: 'Prediction drift (distance)',
    lines: [['prediction_drift', 'drift']],
    threshold: (week, columns) =>
      columns.find((each) => each.column === 'prediction' && each.week === textOf(week, 'week'))?.threshold ??
      null,
    fromZero: true,
  },
  {
    title: 'Drifted columns',
    lines: [['num_drifted_columns', 'columns']],
    threshold: (week, columns) =>
      DRIFT_SHARE * columns.filter((each) => each.week === textOf(week, 'week')).length || null,
    fromZero: true,
  },
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

interface ChartsProps {
  readonly weeks: readonly DriftWeek[];
  readonly columns: readonly DriftColumn[];
}

function Charts({ weeks, columns }: ChartsProps) {
  return (
    <div className="grid-3">
      {CHARTS.map(({ title, lines, threshold, fromZero = false }) => (
        <section key={title} className="panel">
          <LineChart
            title={title}
            xTitle="week"
            height={170}
            ticksAtPoints
            fromZero={fromZero}
            xFormat={(x) => textOf(weeks[Math.round(x)] ?? {}, 'week').replace(/^\d{4}-/, '')}
            series={[
              ...lines.map(([column, label], i): Series => ({
                label,
                tone: i === 0 ? 1 : 6,
                dashed: i > 0,
                points: weeks.map((week, x) => ({ x, y: valueOf(week, column) })),
              })),
              ...(threshold
                ? [
                    {
                      label: 'threshold',
                      tone: 5,
                      dashed: true,
                      points: weeks.map((week, x) => ({ x, y: threshold(week, columns) })),
                    },
                  ]
                : []),
            ]}
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
  const byWeek = [...Map.groupBy(columns, ({ week }) => week).values()];
  const scores = byWeek.flatMap((week) => readableScores(week));
  const cells = scores.map((score): HeatCell => ({
    row: score.column,
    column: score.week,
    level: levelOf(score),
    marked: score.drifted,
    text: `${scoreText(score, number)}${score.drifted ? ': drifted' : ''}`,
  }));
  return (
    <>
      <HeatMap
        title="Drift score of each column by week; a dot marks a score beyond its threshold"
        rows={[...new Set(scores.map(({ column }) => column))]}
        columns={[...new Set(columns.map(({ week }) => week))].sort()}
        columnLabel={(week) => week.replace(/^\d{4}-/, '')}
        cells={cells}
        chosen={chosen}
        onChoose={onChoose}
      />
      <p className="hint">
        Click a cell to compare its week with the reference below. Hour, weekday, week and month are compared
        as sine and cosine, which count as two columns; the cell shows the score further beyond its threshold.
      </p>
    </>
  );
}

/** Grades a score by how many times it is beyond its threshold. */
function levelOf(score: DriftColumn): HeatCell['level'] {
  const ratio = excess(score);
  if (!score.drifted) return ratio > 0.5 ? 1 : 0;
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
