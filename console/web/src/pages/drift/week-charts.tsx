import { metricLabel } from '../../../../../contracts/metric-facts.ts';
import type { DriftColumn, DriftWeek } from '../../api/bodies.ts';
import { LineChart, type Series } from '../../charts/line-chart.tsx';
import { textOf, valueOf } from './week-values.ts';

/** Is the share of drifted columns from which a week counts as drifted, as in Evidently. */
const DRIFT_SHARE = 0.5;

/** Defines the charts of the Grafana dashboard, from the same rows. */
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
    title: metricLabel('rmse'),
    lines: [
      ['rmse_score_current', 'current'],
      ['rmse_score_reference', 'reference'],
    ],
    fromZero: true,
  },
  {
    title: metricLabel('r2'),
    lines: [
      ['r2_score_current', 'current'],
      ['r2_score_reference', 'reference'],
    ],
  },
  {
    title: 'Mean error, trips per hour',
    lines: [
      ['mean_error_current', 'current'],
      ['mean_error_reference', 'reference'],
    ],
    fromZero: true,
  },
  { title: 'Share of missing values', lines: [['share_missing_values', 'missing']], fromZero: true },
];

interface WeekChartsProps {
  readonly weeks: readonly DriftWeek[];
  readonly columns: readonly DriftColumn[];
}

/** Draws quality and drift of each week, with thresholds. */
export function WeekCharts({ weeks, columns }: WeekChartsProps) {
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
